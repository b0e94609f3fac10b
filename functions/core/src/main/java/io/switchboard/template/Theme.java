package io.switchboard.template;

import java.util.Map;

/**
 * The colours of a notification ({@code docs/domain/session-templates.md}, "Notification templates",
 * {@code msdyn_theme}).
 */
public enum Theme implements JsonEnum {
    /** Light on dark. */
    DARK("dark"),
    /** Dark on light. */
    LIGHT("light");

    /** The constants by their JSON text. */
    public static final Map<String, Theme> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    Theme(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
