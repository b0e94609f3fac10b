package io.switchboard.template;

import java.util.Map;

/** Which Generic session templates an app profile has ({@code DESIGN.md} §4). */
public enum GenericSessionTemplates implements JsonEnum {
    /** All of the tenant's. */
    ALL("all"),
    /** Those it lists. */
    LISTED("listed");

    /** By text. */
    public static final Map<String, GenericSessionTemplates> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    GenericSessionTemplates(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
