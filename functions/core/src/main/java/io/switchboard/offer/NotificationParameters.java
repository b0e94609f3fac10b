package io.switchboard.offer;

import io.switchboard.json.ObjectReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the values for the slugs of a notification template. */
public final class NotificationParameters {
    private static final String PARAMETERS = "templateParameters";

    private NotificationParameters() {}

    /**
     * Returns the member {@code templateParameters}: text, number or boolean by name. Adds violations to the reader.
     */
    public static Map<String, Object> read(ObjectReader body) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        @Nullable ObjectReader values = body.object(PARAMETERS);
        if (values != null) {
            for (String name : values.names()) {
                if (name.isEmpty()) {
                    values.violation("invalidValue", name, PARAMETERS + " contains an empty property name. Name it.");
                    continue;
                }
                @Nullable Object scalar = values.scalar(name, values.any(name));
                if (scalar != null) {
                    parameters.put(name, scalar);
                }
            }
        }
        return parameters;
    }
}
