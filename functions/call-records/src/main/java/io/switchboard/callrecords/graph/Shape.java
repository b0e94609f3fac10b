package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.EntityType;
import io.switchboard.http.Refusal;
import io.switchboard.json.Violations;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The requested parts of an entity.
 *
 * @param select {@code $select}; null for everything
 * @param expand {@code $expand}: the requested parts of each navigation property
 */
public record Shape(@Nullable Set<String> select, Map<String, Shape> expand) {
    public static final String SELECT = "$select";
    public static final String EXPAND = "$expand";
    public static final Shape WHOLE = new Shape(null, Map.of());

    public static final String SESSIONS = "sessions";
    public static final String SEGMENTS = "segments";
    public static final String PARTICIPANTS = "participants_v2";
    public static final String ORGANIZER = "organizer_v2";

    /**
     * Parses the query options of a request.
     *
     * @throws Refusal 400 naming every violation
     */
    public static Shape of(Map<String, String> options, EntityType type) {
        Violations violations = new Violations();
        Shape shape = of(options, type, violations);
        Refusal.ifAny(violations);
        return shape;
    }

    /** Parses the query options of a request and notes their violations. */
    public static Shape of(Map<String, String> options, EntityType type, Violations violations) {
        return of(options.get(SELECT), options.get(EXPAND), type, violations);
    }

    private static Shape of(@Nullable String select, @Nullable String expand, EntityType type, Violations violations) {
        return new Shape(
                select == null ? null : selected(select, type, violations),
                expand == null ? Map.of() : expanded(expand, type, violations));
    }

    private static @Nullable Set<String> selected(String select, EntityType type, Violations violations) {
        Set<String> selected = new LinkedHashSet<>();
        for (String part : split(select, ',')) {
            String name = part.strip();
            if (name.equals("*")) {
                return null;
            }
            if (type.properties().contains(name)
                    || (name.equals(ORGANIZER) && type.navigations().contains(name))) {
                selected.add(name);
            } else {
                String message =
                        "$select names " + InputLimits.excerpt(name) + ", which is not a property of a " + type.name();
                violations.add(
                        "invalidValue",
                        SELECT,
                        type.navigations().contains(name)
                                ? message + ". Use $expand for it, or select one of"
                                : message + ". Select one of",
                        type.properties());
            }
        }
        return selected;
    }

    private static Map<String, Shape> expanded(String expand, EntityType type, Violations violations) {
        Map<String, Shape> expanded = new LinkedHashMap<>();
        for (String part : split(expand, ',')) {
            String item = part.strip();
            int parenthesis = item.indexOf('(');
            String name = parenthesis < 0 ? item : item.substring(0, parenthesis);
            if (!type.navigations().contains(name)) {
                String message = "$expand names " + InputLimits.excerpt(name)
                        + ", which is not a navigation property of a " + type.name() + ".";
                if (type.navigations().isEmpty()) {
                    violations.add("invalidValue", EXPAND, message + " Remove $expand.");
                } else {
                    violations.add("invalidValue", EXPAND, message + " Expand one of", type.navigations());
                }
            } else if (parenthesis < 0) {
                expanded.put(name, WHOLE);
            } else if (!item.endsWith(")")) {
                violations.add(
                        "invalidValue",
                        EXPAND,
                        "$expand has an unclosed parenthesis after " + name + ". Close or remove it.");
            } else {
                expanded.put(
                        name, nested(item.substring(parenthesis + 1, item.length() - 1), name, type(name), violations));
            }
        }
        return expanded;
    }

    private static Shape nested(String options, String name, EntityType type, Violations violations) {
        @Nullable String select = null;
        @Nullable String expand = null;
        for (String part : split(options, ';')) {
            int equals = part.indexOf('=');
            String option =
                    equals < 0 ? part.strip() : part.substring(0, equals).strip();
            if (option.equals(SELECT) && equals > 0) {
                select = part.substring(equals + 1);
            } else if (option.equals(EXPAND) && equals > 0) {
                expand = part.substring(equals + 1);
            } else {
                violations.add(
                        "unknownQueryOption",
                        EXPAND,
                        "The option " + InputLimits.excerpt(option) + " is not supported inside $expand=" + name
                                + "(…). Request the list itself, or send one of",
                        List.of(EXPAND, SELECT));
            }
        }
        return of(select, expand, type, violations);
    }

    /** Returns the type of a navigation property, or of its elements. */
    static EntityType type(String navigation) {
        return switch (navigation) {
            case SESSIONS -> CallRecordTypes.session();
            case SEGMENTS -> CallRecordTypes.segment();
            case PARTICIPANTS -> CallRecordTypes.participant();
            case ORGANIZER -> CallRecordTypes.organizer();
            default -> throw new IllegalArgumentException("Unknown navigation property: " + navigation);
        };
    }

    /** Splits a text at the separators outside parentheses. */
    static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == separator && depth == 0) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(text.substring(begin));
        return parts;
    }

    /** Returns the requested parts of a navigation property; null if it is not requested. */
    @Nullable
    public Shape of(String navigation) {
        return expand.get(navigation);
    }

    /**
     * Returns the select list for an {@code @odata.context}, such as {@code (id,sessions(segments()))}; empty for
     * everything.
     */
    public String context() {
        String inner = innerContext();
        return inner.isEmpty() ? "" : "(" + inner + ")";
    }

    private String innerContext() {
        List<String> parts = new ArrayList<>(select == null ? Set.of() : select);
        expand.forEach((name, shape) -> parts.add(name + "(" + shape.innerContext() + ")"));
        return String.join(",", parts);
    }

    /** Returns the query options that request this shape. */
    public Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        if (select != null) {
            options.put(SELECT, String.join(",", select));
        }
        if (!expand.isEmpty()) {
            options.put(EXPAND, expandText());
        }
        return options;
    }

    private String expandText() {
        List<String> items = new ArrayList<>();
        expand.forEach((name, shape) -> {
            List<String> inner = new ArrayList<>();
            shape.options().forEach((option, value) -> inner.add(option + "=" + value));
            items.add(inner.isEmpty() ? name : name + "(" + String.join(";", inner) + ")");
        });
        return String.join(",", items);
    }
}
