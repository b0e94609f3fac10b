package io.switchboard.template;

import org.jspecify.annotations.Nullable;

/**
 * A line of a notification ({@code docs/domain/session-templates.md}, "Notification templates",
 * {@code msdyn_notificationfield}).
 *
 * @param name identifies the field in its template; not shown to users
 * @param fieldHeader the label before the value, which can contain slugs; null for none
 * @param value the value, which can contain slugs; null for none
 */
public record NotificationField(
        String name, @Nullable String fieldHeader, @Nullable String value) {
    /** The longest header, in characters, before and after its slugs are resolved. */
    public static final int MAXIMUM_HEADER = 200;

    /** The longest value, in characters, before and after its slugs are resolved. */
    public static final int MAXIMUM_VALUE = 2_048;
}
