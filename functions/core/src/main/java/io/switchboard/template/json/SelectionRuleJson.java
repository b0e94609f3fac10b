package io.switchboard.template.json;

import io.switchboard.json.ObjectReader;
import io.switchboard.template.UniqueName;
import io.switchboard.template.rule.Condition;
import io.switchboard.template.rule.Condition.Comparison;
import io.switchboard.template.rule.Operator;
import io.switchboard.template.rule.Path;
import io.switchboard.template.rule.SelectionRule;
import io.switchboard.text.InputLimits;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API's JSON of the rules of app profiles. */
final class SelectionRuleJson {
    private static final String RULES = "rules";
    private static final String NAME = "name";
    private static final String WHEN = "when";
    private static final String THEN = "then";
    private static final String ALL = "all";
    private static final String ANY = "any";
    private static final String NOT = "not";
    private static final String PATH = "path";
    private static final String OPERATOR = "op";
    private static final String VALUE = "value";
    private static final String TIME_ZONE = "timeZone";
    /** The value of a condition with a violation, which is never used. */
    private static final Condition INVALID = new Condition.All(List.of());

    private SelectionRuleJson() {}

    /**
     * Reads the rules of a profile.
     *
     * @param listed the session templates that rules may select; null for any
     */
    static List<SelectionRule> read(ObjectReader profile, @Nullable List<String> listed) {
        Set<String> names = new HashSet<>();
        return profile.objects(RULES, SelectionRule.MOST, rule -> {
            String name = rule.requiredText(NAME, SelectionRule.LONGEST_NAME);
            if (!name.isEmpty() && !names.add(name)) {
                rule.violation(
                        "duplicateValue",
                        NAME,
                        "Another rule has the name " + InputLimits.excerpt(name) + ". Choose a unique name.");
            }
            String then = rule.requiredText(THEN, UniqueName.MAXIMUM_LENGTH);
            if (listed != null && !then.isEmpty() && !listed.contains(then)) {
                rule.violation(
                        "notListed",
                        THEN,
                        rule.target(THEN) + " must be one of sessionTemplates. Add " + then + " to them.");
            }
            @Nullable ObjectReader when = rule.object(WHEN);
            if (when == null && rule.any(WHEN) == null) {
                rule.violation("required", WHEN, rule.target(WHEN) + " is required. Send a condition.");
            }
            Counter counter = new Counter();
            Condition condition = when == null ? INVALID : condition(when, 1, counter);
            if (counter.comparisons > Condition.MOST) {
                rule.violation(
                        "tooMany",
                        WHEN,
                        rule.target(WHEN) + " has " + counter.comparisons + " comparisons; at most " + Condition.MOST
                                + " are allowed. Use several rules.");
            }
            rule.rejectUnknown();
            return new SelectionRule(name, condition, then);
        });
    }

    /** Counts the comparisons of a rule. */
    private static final class Counter {
        private int comparisons;
    }

    private static Condition condition(ObjectReader reader, int depth, Counter counter) {
        List<String> kinds = new ArrayList<>();
        for (String kind : List.of(ALL, ANY, NOT, PATH)) {
            if (reader.any(kind) != null) {
                kinds.add(kind);
            }
        }
        if (kinds.size() != 1) {
            reader.ignore(OPERATOR, VALUE, TIME_ZONE);
            reader.violation(
                    kinds.isEmpty() ? "required" : "notAllowed",
                    "",
                    "A condition has exactly one of all, any, not and path"
                            + (kinds.isEmpty() ? "" : "; this one has " + String.join(", ", kinds)) + ".");
            reader.rejectUnknown();
            return INVALID;
        }
        Condition condition = kinds.getFirst().equals(PATH)
                ? comparison(reader, counter)
                : group(reader, kinds.getFirst(), depth, counter);
        reader.rejectUnknown();
        return condition;
    }

    private static Condition group(ObjectReader reader, String kind, int depth, Counter counter) {
        if (depth > Condition.DEPTH) {
            reader.violation(
                    "tooMany",
                    kind,
                    "Conditions have at most " + Condition.DEPTH + " levels of all, any and not. Use several rules.");
            return INVALID;
        }
        if (kind.equals(NOT)) {
            @Nullable ObjectReader inner = reader.object(NOT);
            return inner == null ? INVALID : new Condition.Not(condition(inner, depth + 1, counter));
        }
        List<Condition> conditions =
                reader.objects(kind, Condition.MOST, inner -> condition(inner, depth + 1, counter));
        if (conditions.isEmpty() && reader.any(kind) instanceof List<?> list && list.isEmpty()) {
            reader.violation("required", kind, reader.target(kind) + " must have at least one condition.");
        }
        return kind.equals(ALL) ? new Condition.All(conditions) : new Condition.AnyOf(conditions);
    }

    private static Condition comparison(ObjectReader reader, Counter counter) {
        counter.comparisons++;
        String path = reader.requiredText(PATH, Path.LONGEST);
        if (!path.isEmpty() && !Path.isValid(path)) {
            reader.violation(
                    "invalidValue",
                    PATH,
                    reader.target(PATH) + " has the value " + InputLimits.excerpt(path)
                            + ", which is not a path. Send channel, entity, roles, time, context.<name> or"
                            + " record.<column>.");
        }
        @Nullable Operator operator = reader.requiredOneOf(OPERATOR, Operator.BY_TEXT);
        boolean isTime = path.equals(Path.TIME);
        @Nullable ZoneId zone = zone(reader, isTime);
        List<Object> values = operator == null ? ignored(reader) : values(reader, operator);
        if (operator == null || values.isEmpty()) {
            return INVALID;
        }
        if (isTime) {
            checkTime(reader, operator, values);
        }
        return new Comparison(path, operator, values, zone);
    }

    private static List<Object> ignored(ObjectReader reader) {
        reader.ignore(VALUE);
        return List.of();
    }

    private static @Nullable ZoneId zone(ObjectReader reader, boolean isTime) {
        @Nullable String name = reader.optionalText(TIME_ZONE, SelectionRule.LONGEST_NAME);
        if (!isTime) {
            if (name != null) {
                reader.violation("notAllowed", TIME_ZONE, "timeZone is allowed only with the path time. Remove it.");
            }
            return null;
        }
        if (name == null) {
            reader.violation(
                    "required",
                    TIME_ZONE,
                    reader.target(TIME_ZONE) + " is required with the path time. Send a zone such as"
                            + " Europe/Berlin.");
            return null;
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            reader.violation(
                    "invalidValue",
                    TIME_ZONE,
                    reader.target(TIME_ZONE) + " has the value " + InputLimits.excerpt(name)
                            + ", which is not a time zone. Send one such as Europe/Berlin.");
            return null;
        }
    }

    private static List<Object> values(ObjectReader reader, Operator operator) {
        @Nullable Object value = reader.any(VALUE);
        if (operator == Operator.EXISTS) {
            return List.of(reader.bool(VALUE, true));
        }
        if (operator != Operator.IN && operator != Operator.BETWEEN) {
            if (value == null) {
                reader.violation("required", VALUE, reader.target(VALUE) + " is required. Send a value to compare.");
                return List.of();
            }
            return scalars(reader, List.of(value), VALUE);
        }
        boolean isPair = operator == Operator.BETWEEN;
        int most = isPair ? 2 : Condition.MOST_VALUES;
        if (!(value instanceof List<?> list) || list.isEmpty() || list.size() > most || (isPair && list.size() != 2)) {
            reader.violation(
                    value == null ? "required" : "invalidValue",
                    VALUE,
                    reader.target(VALUE) + " must be an array of "
                            + (isPair ? "two values, such as [1, 5]." : "1 to " + most + " values."));
            return List.of();
        }
        return scalars(reader, list, null);
    }

    /** @param name the name of a single value; null for the elements of an array */
    private static List<Object> scalars(ObjectReader reader, List<?> values, @Nullable String name) {
        List<Object> scalars = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            String element = name == null ? VALUE + "[" + i + "]" : name;
            @Nullable Object scalar = reader.scalar(element, values.get(i));
            if (scalar instanceof String text && text.length() > Condition.LONGEST_VALUE) {
                reader.violation(
                        "tooLong",
                        element,
                        reader.target(element) + " has " + text.length() + " characters; at most "
                                + Condition.LONGEST_VALUE + " are allowed.");
            } else if (scalar != null) {
                scalars.add(scalar);
            }
        }
        return scalars.size() == values.size() ? scalars : List.of();
    }

    private static void checkTime(ObjectReader reader, Operator operator, List<Object> values) {
        if (operator != Operator.BETWEEN && operator != Operator.GT && operator != Operator.LT) {
            reader.violation(
                    "notAllowed",
                    OPERATOR,
                    "The path time allows the operators between, gt and lt only. Use one of them.");
            return;
        }
        for (Object value : values) {
            if (!(value instanceof String text) || Condition.timeOfDay(text) == null) {
                reader.violation(
                        "invalidValue",
                        VALUE,
                        reader.target(VALUE) + " has the value " + InputLimits.excerpt(String.valueOf(value))
                                + ", which is not a time of day. Send one such as 08:00.");
            }
        }
    }

    /** Writes the rules of a profile. */
    static List<Map<String, Object>> write(List<SelectionRule> rules) {
        List<Map<String, Object>> json = new ArrayList<>();
        for (SelectionRule rule : rules) {
            Map<String, Object> members = new LinkedHashMap<>();
            members.put(NAME, rule.name());
            members.put(WHEN, write(rule.when()));
            members.put(THEN, rule.then());
            json.add(members);
        }
        return json;
    }

    private static Map<String, Object> write(Condition condition) {
        Map<String, Object> json = new LinkedHashMap<>();
        switch (condition) {
            case Condition.All all ->
                json.put(ALL, all.of().stream().map(SelectionRuleJson::write).toList());
            case Condition.AnyOf any ->
                json.put(ANY, any.of().stream().map(SelectionRuleJson::write).toList());
            case Condition.Not not -> json.put(NOT, write(not.of()));
            case Comparison comparison -> {
                json.put(PATH, comparison.path());
                json.put(OPERATOR, comparison.operator().text());
                boolean isList = comparison.operator() == Operator.IN || comparison.operator() == Operator.BETWEEN;
                json.put(
                        VALUE,
                        isList ? comparison.values() : comparison.values().getFirst());
                if (comparison.timeZone() != null) {
                    json.put(TIME_ZONE, comparison.timeZone().getId());
                }
            }
        }
        return json;
    }
}
