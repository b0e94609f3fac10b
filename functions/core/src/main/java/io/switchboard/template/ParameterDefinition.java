package io.switchboard.template;

import io.switchboard.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that a session template expects from its callers.
 *
 * @param name the key of a slug
 * @param isRequired whether a create without it is rejected
 * @param defaultValue the default value; null for none
 */
public record ParameterDefinition(
        String name,
        Type type,
        boolean isRequired,
        @Nullable Object defaultValue) {
    /** The types of a parameter. */
    public enum Type implements JsonEnum {
        /** Text. */
        STRING("string"),
        /** A number. */
        NUMBER("number"),
        /** True or false. */
        BOOLEAN("boolean");

        /** The constants by their JSON text. */
        public static final Map<String, Type> BY_TEXT = JsonEnum.byText(values());

        private final String text;

        Type(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }

        /** Returns true if a text is the JSON representation of a value of this type. */
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

        /** Returns true if a value is of this type. */
        public boolean admits(Object value) {
            return switch (this) {
                case STRING -> value instanceof String;
                case NUMBER -> value instanceof Number;
                case BOOLEAN -> value instanceof Boolean;
            };
        }
    }
}
