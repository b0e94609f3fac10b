package io.switchboard.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** An enum constant that JSON represents as a text. */
public interface JsonEnum {
    /** Returns the JSON text of the constant. */
    String text();

    /** Returns all constants by their JSON text, in declaration order. */
    static <T extends JsonEnum> Map<String, T> byText(T[] values) {
        Map<String, T> byText = new LinkedHashMap<>();
        for (T value : values) {
            byText.put(value.text(), value);
        }
        return byText;
    }
}
