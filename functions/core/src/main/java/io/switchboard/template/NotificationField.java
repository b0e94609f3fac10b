package io.switchboard.template;

import org.jspecify.annotations.Nullable;

/**
 * A line of a notification ({@code cif-apm.md} §E, {@code msdyn_notificationfield}).
 *
 * @param name tells the fields of one template apart; nobody sees it
 * @param fieldHeader what stands before the value, or null; may hold slugs
 * @param value may hold slugs, or null
 */
public record NotificationField(
        String name, @Nullable String fieldHeader, @Nullable String value) {
    /** The longest header, in characters, before and after its slugs are resolved. */
    public static final int MAXIMUM_HEADER = 200;

    /** The longest value, in characters, before and after its slugs are resolved. */
    public static final int MAXIMUM_VALUE = 2_048;
}
