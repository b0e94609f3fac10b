package io.switchboard.template;

import io.switchboard.json.ObjectReader;
import java.util.LinkedHashMap;
import java.util.Map;
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
    private static final int MAXIMUM_NAME = 100;

    /** The longest header, in characters, before and after its slugs are resolved. */
    public static final int MAXIMUM_HEADER = 200;

    /** The longest value, in characters, before and after its slugs are resolved. */
    public static final int MAXIMUM_VALUE = 2_048;

    static NotificationField read(ObjectReader reader) {
        String name = reader.requiredText("name", MAXIMUM_NAME);
        @Nullable String fieldHeader = reader.optionalText("fieldHeader", MAXIMUM_HEADER);
        @Nullable String value = reader.optionalText("value", MAXIMUM_VALUE);
        reader.refuseUnknown();
        return new NotificationField(name, fieldHeader, value);
    }

    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("fieldHeader", fieldHeader);
        json.put("value", value);
        return json;
    }
}
