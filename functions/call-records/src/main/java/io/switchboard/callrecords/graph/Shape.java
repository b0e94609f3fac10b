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
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The requested parts of an entity.
 *
 * @param select {@code $select}: properties and paths such as {@code caller/userAgent}; null for everything
 * @param expand {@code $expand}: the requested parts of each navigation property
 * @param top {@code $top} inside {@code $expand}: the most entities of a collection; {@link Long#MAX_VALUE} without it
 * @param counts {@code $count} inside {@code $expand}
 */
public record Shape(@Nullable Set<String> select, Map<String, Shape> expand, long top, boolean counts) {
    public static final String SELECT = "$select";
    public static final String EXPAND = "$expand";
    public static final Shape WHOLE = new Shape(null, Map.of());
    private static final String ALL = "*";

    public static final String SESSIONS = "sessions";
    public static final String SEGMENTS = "segments";
    public static final String PARTICIPANTS = "participants_v2";
    public static final String ORGANIZER = "organizer_v2";

    /** Creates a shape of a whole collection or of a single entity. */
    public Shape(@Nullable Set<String> select, Map<String, Shape> expand) {
        this(select, expand, Long.MAX_VALUE, false);
    }

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
            if (name.equals(ALL)) {
                return null;
            }
            if (type.isSelectable(name)) {
                selected.add(name);
            } else {
                violations.add(
                        "invalidValue",
                        SELECT,
                        "$select names " + InputLimits.excerpt(name) + ", which is not a property of a " + type.name()
                                + ". Select one of",
                        Stream.concat(type.properties().stream(), type.navigations().stream())
                                .toList());
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
            if (item.equals(ALL) && !type.navigations().isEmpty()) {
                type.navigations().forEach(each -> expanded.putIfAbsent(each, WHOLE));
            } else if (!type.navigations().contains(name)) {
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
        boolean isCollection = !name.equals(ORGANIZER);
        Set<String> supported = isCollection
                ? new TreeSet<>(List.of(SELECT, EXPAND, Paging.TOP, Paging.COUNT))
                : new TreeSet<>(List.of(SELECT, EXPAND));
        Map<String, String> values = new LinkedHashMap<>();
        for (String part : split(options, ';')) {
            int equals = part.indexOf('=');
            String sent = equals < 0 ? part.strip() : part.substring(0, equals).strip();
            String option = ODataOperation.optionName(sent);
            if (supported.contains(option) && equals > 0) {
                values.put(option, part.substring(equals + 1));
            } else {
                violations.add(
                        "unknownQueryOption",
                        EXPAND,
                        "The option " + InputLimits.excerpt(sent) + " is not supported inside $expand=" + name
                                + "(…). Request the list itself, or send one of",
                        supported);
            }
        }
        Shape shape = of(values, type, violations);
        return new Shape(
                shape.select,
                shape.expand,
                top(values.get(Paging.TOP), violations),
                counts(values.get(Paging.COUNT), violations));
    }

    private static long top(@Nullable String text, Violations violations) {
        if (text == null) {
            return Long.MAX_VALUE;
        }
        if (text.strip().matches("[0-9]{1,9}")) {
            return Long.parseLong(text.strip());
        }
        violations.add("invalidValue", EXPAND, "$top inside $expand must be a whole number of at least 0.");
        return 0;
    }

    private static boolean counts(@Nullable String text, Violations violations) {
        boolean isTrue = text != null && text.strip().equals("true");
        if (text != null && !isTrue && !text.strip().equals("false")) {
            violations.add("invalidValue", EXPAND, "$count inside $expand must be true or false.");
        }
        return isTrue;
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

    /** Returns whether an included navigation property is requested, as a whole or in part. */
    public boolean includes(String navigation) {
        return select == null
                || expand.containsKey(navigation)
                || select.contains(navigation)
                || !selectedBelow(navigation).isEmpty();
    }

    /** Returns the requested parts of an included navigation property. */
    public Shape included(String navigation) {
        Set<String> below = selectedBelow(navigation);
        @Nullable Shape expanded = expand.get(navigation);
        boolean isWhole = select == null || select.contains(navigation) || below.isEmpty();
        return expanded != null ? expanded : isWhole ? WHOLE : new Shape(below, Map.of());
    }

    /** Returns the selected paths below a property. */
    private Set<String> selectedBelow(String property) {
        Set<String> below = new LinkedHashSet<>();
        for (String path : select == null ? Set.<String>of() : select) {
            if (path.startsWith(property + "/")) {
                below.add(path.substring(property.length() + 1));
            }
        }
        return below;
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
        parts.removeAll(expand.keySet());
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
        if (top < Long.MAX_VALUE) {
            options.put(Paging.TOP, Long.toString(top));
        }
        if (counts) {
            options.put(Paging.COUNT, "true");
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
