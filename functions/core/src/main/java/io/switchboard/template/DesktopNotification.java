package io.switchboard.template;

import java.util.Map;

/**
 * When a notification is also shown outside the desk ({@code docs/domain/session-templates.md}, "Notification
 * templates", {@code msdyn_desktopnotificationmode}).
 */
public enum DesktopNotification implements JsonEnum {
    /** Never. */
    NEVER("never"),
    /** While the desk is in the background. */
    WHEN_APP_IN_BACKGROUND("whenAppInBackground"),
    /** Always. */
    ALWAYS("always");

    /** The constants by their JSON text. */
    public static final Map<String, DesktopNotification> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    DesktopNotification(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
