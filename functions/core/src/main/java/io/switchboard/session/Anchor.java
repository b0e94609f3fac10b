package io.switchboard.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the anchor tab was opened for.
 *
 * @param entityName the record's logical name; null where the anchor is no record
 * @param entityId the record's id; null where the anchor is no record
 * @param attributes what {@code {anchor.x}} reads: the pairs of {@code parametersStr}, and what came from the record source
 * @param fetched the names of those attributes that came from the record source, and can be read there again
 */
public record Anchor(
        @Nullable String entityName, @Nullable String entityId, Map<String, Object> attributes, Set<String> fetched) {
    /** No record. */
    public static final Anchor NONE = new Anchor(null, null, Map.of());

    public Anchor {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        fetched = Collections.unmodifiableSet(new LinkedHashSet<>(fetched));
    }

    /** With the pairs of {@code parametersStr} alone. */
    public Anchor(@Nullable String entityName, @Nullable String entityId, Map<String, Object> pairs) {
        this(entityName, entityId, pairs, Set.of());
    }
}
