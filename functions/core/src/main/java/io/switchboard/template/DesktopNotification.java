package io.switchboard.template;

import java.util.Map;

/** When a notification is shown outside the desk too ({@code cif-apm.md} §E, {@code msdyn_desktopnotificationmode}). */
public enum DesktopNotification implements JsonEnum {
    /** Never. */
    NEVER("never"),
    /** While the desk is not in front. */
    WHEN_APP_IN_BACKGROUND("whenAppInBackground"),
    /** Always. */
    ALWAYS("always");

    /** By text. */
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
