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
 * Reads the members of one JSON object. It records every violation with its target, instead of stopping at the first.
 *
 * <p>An absent member and {@code null} both mean the default. After the known members are read, {@link #rejectUnknown}
 * records a violation for each other member. Not thread-safe.
 */
public final class ObjectReader {
    private final Map<String, @Nullable Object> members;
    private final String path;
    private final Violations violations;
    private final Set<String> known = new LinkedHashSet<>();

    /**
     * @param path the path of the object, empty for the body itself; targets begin with it
     * @param violations receives the violations
     */
    public ObjectReader(Map<String, @Nullable Object> members, String path, Violations violations) {
        this.members = members;
        this.path = path;
        this.violations = violations;
    }

    /**
     * Returns the target of a member, such as {@code parameters.url}, or of the object itself for an empty name. Names
     * come from the caller, so long names are cut.
     */
    public String target(String name) {
        String end = InputLimits.excerpt(name);
        return path.isEmpty() ? end : end.isEmpty() ? path : InputLimits.excerpt(path + "." + end);
    }

    /** Records a violation of one member. */
    public void violation(String code, String name, String message) {
        violations.add(code, target(name), InputLimits.abridged(message, name));
    }

    /** Returns the value of a member, null if it is absent, and marks the member as known. */
    public @Nullable Object any(String name) {
        known.add(name);
        return members.get(name);
    }

    /** Returns the value of a member, without marking it as known. */
    public @Nullable Object peek(String name) {
        return members.get(name);
    }

    /** Marks members that are not read, such as read-only ones, as known. */
    public void ignore(String... names) {
        known.addAll(List.of(names));
    }

    /** Returns a required string of 1 to {@code maximum} characters; empty after a violation. */
    public String requiredText(String name, int maximum) {
        @Nullable Object value = any(name);
        if (value == null) {
            violation(
                    "required", name, target(name) + " is required. Send a string of 1 to " + maximum + " characters.");
            return "";
        }
        if (!(value instanceof String text)) {
            wrongType(name, "a string", value);
            return "";
        }
        if (text.isBlank()) {
            violation(
                    "required",
                    name,
                    target(name) + " must not be empty. Send a string of 1 to " + maximum + " characters.");
            return "";
        }
        return limited(name, text, maximum);
    }

    /** Returns a string of at most {@code maximum} characters, or null. */
    public @Nullable String optionalText(String name, int maximum) {
        @Nullable Object value = any(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            wrongType(name, "a string", value);
            return null;
        }
        return limited(name, text, maximum);
    }

    /** Returns a boolean, or the default. */
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

    /**
     * Returns a whole number from {@code minimum} to {@code maximum}, or the default; {@code 12.0} is a whole number
     * too.
     */
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
        // Compared before the conversion, because 1E999999999 is short as text and huge as an integer.
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

    /** Returns one of the named values; null if it is absent, or after a violation. */
    public <T> @Nullable T oneOf(String name, Map<String, T> values) {
        @Nullable Object value = any(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text)) {
            wrongType(name, "a string", value);
            return null;
        }
        @Nullable T named = values.get(text);
        if (named == null) {
            violations.add("invalidValue", target(name), target(name) + " must be one of", values.keySet());
        }
        return named;
    }

    /** Returns one of the named values, which is required; null after a violation. */
    public <T> @Nullable T requiredOneOf(String name, Map<String, T> values) {
        if (any(name) == null) {
            violations.add("required", target(name), target(name) + " is required. Send one of", values.keySet());
            return null;
        }
        return oneOf(name, values);
    }

    /** Returns an array of distinct strings; empty if it is absent. */
    public List<String> texts(String name, int maximumCount, int maximumLength) {
        List<String> texts = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<?> elements = array(name, maximumCount);
        for (int i = 0; i < elements.size(); i++) {
            String element = name + "[" + i + "]";
            if (!(elements.get(i) instanceof String text)) {
                wrongType(element, "a string", elements.get(i));
            } else if (text.isBlank()) {
                violation("required", element, target(element) + " must not be empty. Remove it or set a value.");
            } else if (!seen.add(text)) {
                violation("duplicateValue", element, target(element) + " is a duplicate. Send each value only once.");
            } else {
                texts.add(limited(element, text, maximumLength));
            }
        }
        return texts;
    }

    /** Returns an array of objects, each converted by the function; empty if it is absent. */
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

    /** Returns the reader of an object; null if it is absent, or after a violation. */
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

    /** Returns the reader of an object, which has no members if it is absent; null after a violation. */
    public @Nullable ObjectReader objectOrEmpty(String name) {
        return any(name) == null ? new ObjectReader(Map.of(), target(name), violations) : object(name);
    }

    /** Returns the names of all members, in the order they were sent. */
    public Set<String> names() {
        return members.keySet();
    }

    /**
     * Returns a scalar as contexts and parameters accept it: a string, number or boolean. Null after a violation.
     *
     * @param value the value of the member, as {@link #any} returns it
     */
    public @Nullable Object scalar(String name, @Nullable Object value) {
        if (isScalar(value)) {
            return value;
        }
        wrongType(name, "a string, number or boolean", value);
        return null;
    }

    /** Returns whether a value is a string, number or boolean. */
    public static boolean isScalar(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean;
    }

    /** Returns a scalar as text; numbers keep their notation. */
    public static String textOf(Object scalar) {
        return scalar instanceof BigDecimal number ? number.toString() : scalar.toString();
    }

    /** Records a violation for every member that is not marked as known. */
    public void rejectUnknown() {
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
                        target(name) + " is not recognised. Names are case-sensitive; use " + meant + ".");
            } else if (!name.startsWith("@odata.")) {
                violation("unknownProperty", name, target(name) + " is not recognised. Remove it.");
            }
        }
    }

    /** Returns the known name that equals this one except for case, or null. */
    public @Nullable String knownIgnoringCase(String name) {
        for (String candidate : known) {
            if (candidate.equalsIgnoreCase(name)) {
                return candidate;
            }
        }
        return null;
    }

    /** Returns whether a member is marked as known. */
    public boolean isKnown(String name) {
        return known.contains(name);
    }

    /** Records that a member has the wrong type. */
    public void wrongType(String name, String expected, @Nullable Object value) {
        if (violations.isFull()) {
            violations.addUnnamed(1);
            return;
        }
        violation("wrongType", name, target(name) + " must be " + expected + ", not " + typeName(value) + ".");
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
            return "a string";
        }
        if (value instanceof Boolean) {
            return "a boolean";
        }
        if (value instanceof Number) {
            return "a number";
        }
        return value instanceof List ? "an array" : "an object";
    }

    /** Returns the members of a JSON object by name. */
    public static Map<String, @Nullable Object> members(Map<?, ?> object) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        for (var entry : object.entrySet()) {
            members.put((String) entry.getKey(), entry.getValue());
        }
        return members;
    }

    /**
     * Returns the members of an array of {@code [key, value]} pairs, the result of {@code [...map]} for a JavaScript
     * Map; null for any other array.
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
