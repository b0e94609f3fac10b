package io.switchboard.template;

import java.util.Map;

/** The origin of a template. */
public enum Origin implements JsonEnum {
    /** Created by the tenant. */
    CUSTOM("custom"),
    /** Built-in and read-only. Can be cloned. */
    BUILT_IN("builtIn"),
    /** Built-in example of the specification. A stored template of the same name replaces it. */
    EXAMPLE("example");

    /** The constants by their JSON text. */
    static final Map<String, Origin> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    Origin(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
