package io.switchboard.template;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.slug.SlugText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parameter a session template expects of its callers.
 *
 * @param name the key of a slug
 * @param isRequired whether a create without it is refused
 * @param absent the value where the caller gives none; null for none
 */
public record ParameterDefinition(
        String name,
        Type type,
        boolean isRequired,
        @Nullable Object absent) {
    private static final int MAXIMUM_NAME = 100;
    private static final int MAXIMUM_DEFAULT = 2_048;

    /** The types of a parameter. */
    public enum Type implements Choice {
        /** Text. */
        STRING("string"),
        /** A number. */
        NUMBER("number"),
        /** True or false. */
        BOOLEAN("boolean");

        /** By text. */
        public static final Map<String, Type> BY_TEXT = Choice.byText(values());

        private final String text;

        Type(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }

        /** Whether a text spells a value of this type, as JSON writes it. */
        public boolean isSpelledBy(String text) {
            if (this == STRING) {
                return true;
            }
            try {
                @Nullable Object value = Json.read(text);
                return value != null && admits(value) && text.equals(text.strip());
            } catch (Json.MalformedJson e) {
                return false;
            }
        }

        /** Whether a value is of this type. */
        public boolean admits(Object value) {
            return switch (this) {
                case STRING -> value instanceof String;
                case NUMBER -> value instanceof Number;
                case BOOLEAN -> value instanceof Boolean;
            };
        }
    }

    static ParameterDefinition read(ObjectReader reader) {
        String name = reader.requiredText("name", MAXIMUM_NAME);
        if (!name.isEmpty() && !SlugText.isKey(name)) {
            reader.violation(
                    "invalidValue",
                    "name",
                    reader.target("name") + " must hold none of { } \" ': it is the key of a slug, such as customer.");
        }
        @Nullable Type type = reader.requiredOneOf("type", Type.BY_TEXT);
        boolean required = reader.bool("required", false);
        @Nullable Object absent = reader.any("default");
        if (absent != null && type != null && !type.admits(absent)) {
            reader.wrongType("default", "a " + type.text(), absent);
        } else if (absent instanceof String text && text.length() > MAXIMUM_DEFAULT) {
            reader.violation(
                    "tooLong",
                    "default",
                    reader.target("default") + " has " + text.length() + " characters; at most " + MAXIMUM_DEFAULT
                            + " are allowed.");
        }
        reader.refuseUnknown();
        return new ParameterDefinition(name, type == null ? Type.STRING : type, required, absent);
    }

    Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("type", type.text());
        json.put("required", isRequired);
        json.put("default", absent);
        return json;
    }
}
