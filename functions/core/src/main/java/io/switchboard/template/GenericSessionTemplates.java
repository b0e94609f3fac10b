package io.switchboard.template;

import java.util.Map;

/** Which Generic session templates an app profile has ({@code docs/domain/app-profile-manager.md}, "App profiles"). */
public enum GenericSessionTemplates implements JsonEnum {
    /** All Generic session templates of the tenant. */
    ALL("all"),
    /** The listed ones. */
    LISTED("listed");

    /** The constants by their JSON text. */
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
