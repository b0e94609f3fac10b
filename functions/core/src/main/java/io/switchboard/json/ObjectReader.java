package io.switchboard.json;

import io.switchboard.text.InputLimits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of one JSON object and notes every violation with its target, instead of stopping at the first.
 *
 * <p>An absent member and a {@code null} mean the same: the default. After the known members were read,
 * {@link #refuseUnknown} notes the rest. Not thread-safe.
 */
public final class ObjectReader {
    private final Map<String, @Nullable Object> members;
    private final String path;
    private final Violations violations;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * @param path where the object is, empty for the body itself; targets begin with it
     * @param violations what is found wrong goes there
     */
    public ObjectReader(Map<String, @Nullable Object> members, String path, Violations violations) {
        this.members = members;
        this.path = path;
        this.violations = violations;
    }

    /**
     * The target of a member, such as {@code parameters.url}; of the object itself for an empty name. Names are the caller's, so only
     * the beginning of a long one is repeated.
     */
    public String target(String name) {
        String end = InputLimits.excerpt(name);
        return path.isEmpty() ? end : end.isEmpty() ? path : InputLimits.excerpt(path + "." + end);
    }

    /** Notes a violation of one member. */
    public void violation(String code, String name, String message) {
        violations.add(code, target(name), InputLimits.abridged(message, name));
    }

    /** The member as it came; null where it is absent. Marks it as known. */
    public @Nullable Object any(String name) {
        known.add(name);
        return members.get(name);
    }

    /** The member as it came, without marking it as known. */
    public @Nullable Object peek(String name) {
        return members.get(name);
    }

    /** Marks members that are read by nobody, such as read-only ones, as known. */
    public void ignore(String... names) {
        known.addAll(List.of(names));
    }

    /** A text of 1 to {@code maximum} characters that has to be there; empty after a violation. */
    public String requiredText(String name, int maximum) {
        @Nullable Object value = any(name);
        if (value == null) {
            violation("required", name, target(name) + " is required: send a text of 1 to " + maximum + " characters.");
            return "";
        }
        if (!(value instanceof String text)) {
            wrongType(name, "a text", value);
            return "";
        }
        if (text.isBlank()) {
            violation("required", name, target(name) + " is empty: send a text of 1 to " + maximum + " characters.");
            return "";
        }
        return limited(name, text, maximum);
    }

    /** A text of at most {@code maximum} characters, or null. */
    public @Nullable String optionalText(String name, int maximum) {
        @Nullable Object value = any(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            wrongType(name, "a text", value);
            return null;
        }
        return limited(name, text, maximum);
    }

    /** A boolean, or the default. */
    public boolean bool(String name, boolean absent) {
        @Nullable Object value = any(name);
        if (value == null) {
            return absent;
        }
        if (value instanceof Boolean truth) {
            return truth;
        }
        wrongType(name, "true or false", value);
        return absent;
    }

    /** A whole number from {@code minimum} to {@code maximum}, or the default; {@code 12.0} is whole as well. */
    public int wholeNumber(String name, int minimum, int maximum, int absent) {
        @Nullable Object value = any(name);
        if (value == null) {
            return absent;
        }
        if (!(value instanceof Number number)) {
            wrongType(name, "a whole number from " + minimum + " to " + maximum, value);
            return absent;
        }
        BigDecimal exact = new BigDecimal(number.toString());
        // Compared before it is converted: 1E999999999 is short as text and endless as an integer.
        if (exact.compareTo(BigDecimal.valueOf(minimum)) < 0
                || exact.compareTo(BigDecimal.valueOf(maximum)) > 0
                || exact.compareTo(BigDecimal.valueOf(exact.intValue())) != 0) {
            violation(
                    "invalidValue",
                    name,
                    target(name) + " must be a whole number from " + minimum + " to " + maximum + ".");
            return absent;
        }
        return exact.intValue();
    }

    /** One of the named values, or null where it is absent or none of them (which is a violation). */
    public <T> @Nullable T oneOf(String name, Map<String, T> values) {
        @Nullable Object value = any(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            wrongType(name, "a text", value);
            return null;
        }
        @Nullable T named = values.get(text);
        if (named == null) {
            violations.add("invalidValue", target(name), target(name) + " must be one of", values.keySet());
        }
        return named;
    }

    /** One of the named values that has to be there; null after a violation. */
    public <T> @Nullable T requiredOneOf(String name, Map<String, T> values) {
        if (any(name) == null) {
            violations.add("required", target(name), target(name) + " is required: send one of", values.keySet());
            return null;
        }
        return oneOf(name, values);
    }

    /** An array of distinct texts, empty where it is absent. */
    public List<String> texts(String name, int maximumCount, int maximumLength) {
        List<String> texts = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<?> elements = array(name, maximumCount);
        for (int i = 0; i < elements.size(); i++) {
            String element = name + "[" + i + "]";
            if (!(elements.get(i) instanceof String text)) {
                wrongType(element, "a text", elements.get(i));
            } else if (text.isBlank()) {
                violation("required", element, target(element) + " is empty: take it out or fill it.");
            } else if (!seen.add(text)) {
                violation(
                        "duplicateValue", element, target(element) + " appears more than once. Name each value once.");
            } else {
                texts.add(limited(element, text, maximumLength));
            }
        }
        return texts;
    }

    /** An array of objects, each read by the given reading; empty where it is absent. */
    public <T> List<T> objects(String name, int maximumCount, Function<ObjectReader, T> reading) {
        List<T> objects = new ArrayList<>();
        List<?> elements = array(name, maximumCount);
        for (int i = 0; i < elements.size(); i++) {
            String element = name + "[" + i + "]";
            if (elements.get(i) instanceof Map<?, ?> object) {
                objects.add(reading.apply(new ObjectReader(members(object), target(element), violations)));
            } else {
                wrongType(element, "an object", elements.get(i));
            }
        }
        return objects;
    }

    /** An object's reader, or null where it is absent or no object (which is a violation). */
    public @Nullable ObjectReader object(String name) {
        @Nullable Object value = any(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Map<?, ?> object) {
            return new ObjectReader(members(object), target(name), violations);
        }
        wrongType(name, "an object", value);
        return null;
    }

    /** An object's reader, one without members where it is absent; null where it is no object (which is a violation). */
    public @Nullable ObjectReader objectOrEmpty(String name) {
        return any(name) == null ? new ObjectReader(Map.of(), target(name), violations) : object(name);
    }

    /** The names of all members, in the order they came. */
    public Set<String> names() {
        return members.keySet();
    }

    /**
     * A scalar as contexts and parameters hold it: text, number or boolean. Null after a violation.
     *
     * @param value the member's value as {@link #any} gave it
     */
    public @Nullable Object scalar(String name, @Nullable Object value) {
        if (isScalar(value)) {
            return value;
        }
        wrongType(name, "a text, number or boolean", value);
        return null;
    }

    /** Whether a value is a text, number or boolean. */
    public static boolean isScalar(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    /** A scalar as text: numbers as they were written. */
    public static String textOf(Object scalar) {
        return scalar instanceof BigDecimal number ? number.toString() : scalar.toString();
    }

    /** Notes every member that nobody asked for. */
    public void refuseUnknown() {
        for (String name : members.keySet()) {
            if (known.contains(name)) {
                continue;
            }
            if (violations.isFull()) {
                violations.addUnnamed(name.startsWith("@odata.") ? 0 : 1);
                continue;
            }
            @Nullable String meant = knownIgnoringCase(name);
            if (meant != null) {
                violation(
                        "unknownProperty",
                        name,
                        target(name) + " is not known: names are case-sensitive, write " + meant + ".");
            } else if (!name.startsWith("@odata.")) {
                violation("unknownProperty", name, target(name) + " is not known here: take it out.");
            }
        }
    }

    /** The known name that equals this one except for case, or null. */
    public @Nullable String knownIgnoringCase(String name) {
        for (String candidate : known) {
            if (candidate.equalsIgnoreCase(name)) {
                return candidate;
            }
        }
        return null;
    }

    /** Whether a member was asked for. */
    public boolean isKnown(String name) {
        return known.contains(name);
    }

    /** Notes that a member has the wrong type. */
    public void wrongType(String name, String wanted, @Nullable Object value) {
        if (violations.isFull()) {
            violations.addUnnamed(1);
            return;
        }
        violation("wrongType", name, target(name) + " must be " + wanted + ", not " + typeName(value) + ".");
    }

    private List<?> array(String name, int maximumCount) {
        @Nullable Object value = any(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> array)) {
            wrongType(name, "an array", value);
            return List.of();
        }
        if (array.size() > maximumCount) {
            violation(
                    "tooMany",
                    name,
                    target(name) + " has " + array.size() + " elements; at most " + maximumCount + " are allowed.");
            return List.of();
        }
        return array;
    }

    private String limited(String name, String text, int maximum) {
        if (text.length() > maximum) {
            violation(
                    "tooLong",
                    name,
                    target(name) + " has " + text.length() + " characters; at most " + maximum + " are allowed.");
        }
        return text;
    }

    private static String typeName(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof String) {
            return "a text";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        if (value instanceof Number) {
            return "a number";
        }
        return value instanceof List ? "an array" : "an object";
    }

    /** An object's members by name; JSON has no other kind of name. */
    public static Map<String, @Nullable Object> members(Map<?, ?> object) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (var entry : object.entrySet()) {
            members.put((String) entry.getKey(), entry.getValue());
        }
        return members;
    }

    /**
     * The members of an array of {@code [key, value]} pairs, which {@code [...map]} makes of a JavaScript Map; null if the array is
     * something else.
     */
    public static @Nullable Map<String, @Nullable Object> pairs(List<?> array) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (Object element : array) {
            if (!(element instanceof List<?> pair)
                    || pair.size() != 2
                    || !(pair.get(0) instanceof String key)
                    || key.isEmpty()) {
                return null;
            }
            members.put(key, pair.get(1));
        }
        return members;
    }
}
