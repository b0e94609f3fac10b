package io.switchboard.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** A value that JSON writes as one of some texts. */
public interface JsonEnum {
    /** The value in JSON. */
    String text();

    /** All values by their text, in their order. */
    static <T extends JsonEnum> Map<String, T> byText(T[] values) {
        Map<String, T> byText = new LinkedHashMap<>();
        for (T value : values) {
            byText.put(value.text(), value);
        }
        return byText;
    }
}
