package io.switchboard.local.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The values of a template's parameters, validated against the template's declarations as CloudFormation does. */
final class TemplateParameters {
    private final Map<String, Value> values;

    /** A parameter's value: one string (also for numbers) or a list of strings. */
    sealed interface Value {}

    record Text(String text) implements Value {}

    record Texts(List<String> texts) implements Value {}

    private TemplateParameters(Map<String, Value> values) {
        this.values = values;
    }

    /**
     * @throws TemplateException if a parameter is unknown, has no value, or has a value that is not allowed; the
     *     message names each one
     */
    static TemplateParameters of(JsonNode declarations, Map<String, String> given) {
        var problems = new ArrayList<String>();
        var unknown = new TreeSet<>(given.keySet());
        unknown.removeIf(declarations::has);
        for (var name : unknown) {
            problems.add("Unknown parameter " + name + ". The template defines "
                    + String.join(", ", new TreeSet<>(names(declarations))));
        }
        var values = new LinkedHashMap<String, Value>();
        for (var name : names(declarations)) {
            var declaration = declarations.path(name);
            var value = given.containsKey(name) ? given.get(name) : defaultOf(declaration);
            if (value == null) {
                problems.add("Parameter " + name + " has no value. Set it with --parameter ("
                        + declaration.path("Description").asText() + ")");
                continue;
            }
            if (!isAllowed(declaration, value)) {
                problems.add(declaration.path("ConstraintDescription").asText("Parameter " + name + " is not allowed")
                        + ", but is \"" + value + '"');
                continue;
            }
            values.put(name, isList(declaration) ? new Texts(split(value)) : new Text(value));
        }
        if (!problems.isEmpty()) {
            throw new TemplateException(String.join("; ", problems));
        }
        return new TemplateParameters(values);
    }

    /** Returns whether CloudFormation would accept this value. */
    static boolean isAllowed(JsonNode declaration, String value) {
        return isList(declaration)
                ? List.of(value.strip().split("\\s*,\\s*", -1)).stream()
                        .allMatch(item -> isAllowedItem(declaration, item))
                : isAllowedItem(declaration, value);
    }

    private static boolean isAllowedItem(JsonNode declaration, String value) {
        var allowed = declaration.path("AllowedValues");
        if (allowed.isArray() && !contains(allowed, value)) {
            return false;
        }
        var pattern = declaration.path("AllowedPattern");
        if (pattern.isTextual() && !Pattern.matches(pattern.asText(), value)) {
            return false;
        }
        if (value.length() > declaration.path("MaxLength").asInt(4096)
                || value.length() < declaration.path("MinLength").asInt(0)) {
            return false;
        }
        return !declaration.path("Type").asText().equals("Number") || isAllowedNumber(declaration, value);
    }

    private static boolean isAllowedNumber(JsonNode declaration, String value) {
        try {
            var number = new BigDecimal(value);
            return (!declaration.has("MinValue")
                            || number.compareTo(declaration.path("MinValue").decimalValue()) >= 0)
                    && (!declaration.has("MaxValue")
                            || number.compareTo(declaration.path("MaxValue").decimalValue()) <= 0);
        } catch (NumberFormatException notANumber) {
            return false;
        }
    }

    private static boolean contains(JsonNode allowed, String value) {
        for (var one : allowed) {
            if (one.asText().equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isList(JsonNode declaration) {
        return declaration.path("Type").asText().equals("CommaDelimitedList");
    }

    private static List<String> split(String value) {
        return value.isBlank() ? List.of() : List.of(value.strip().split("\\s*,\\s*", -1));
    }

    private static @Nullable String defaultOf(JsonNode declaration) {
        return declaration.has("Default") ? declaration.path("Default").asText() : null;
    }

    private static List<String> names(JsonNode declarations) {
        var names = new ArrayList<String>();
        declarations.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Nullable
    Value get(String name) {
        return values.get(name);
    }
}
