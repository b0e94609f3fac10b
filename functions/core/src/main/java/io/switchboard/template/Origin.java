package io.switchboard.template;

import java.util.Map;

/** Where a template comes from. */
public enum Origin implements JsonEnum {
    /** Stored by this tenant. */
    CUSTOM("custom"),
    /** Shipped, read-only; to be cloned. */
    BUILT_IN("builtIn"),
    /** Shipped so that the specification's example works; a stored one of its name replaces it. */
    EXAMPLE("example");

    /** By text. */
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
