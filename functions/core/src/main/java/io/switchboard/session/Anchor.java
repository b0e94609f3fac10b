package io.switchboard.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the anchor tab was opened for.
 *
 * @param entityName the record's logical name; null where the anchor is no record
 * @param entityId the record's id; null where the anchor is no record
 * @param attributes the pairs of {@code parametersStr}, which {@code {anchor.x}} reads
 */
public record Anchor(@Nullable String entityName, @Nullable String entityId, Map<String, Object> attributes) {
    /** No record. */
    public static final Anchor NONE = new Anchor(null, null, Map.of());

    public Anchor {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }
}
