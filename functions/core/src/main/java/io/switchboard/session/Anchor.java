package io.switchboard.session;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The record or pairs for which the anchor tab was opened.
 *
 * @param entityName the logical name of the record; null if the anchor is not a record
 * @param entityId the id of the record; null if the anchor is not a record
 * @param attributes the values of {@code {anchor.x}}: the pairs of {@code parametersStr} and the attributes from the
 *     record source
 * @param fetched the names of the attributes from the record source, which can be read again
 */
public record Anchor(
        @Nullable String entityName, @Nullable String entityId, Map<String, Object> attributes, Set<String> fetched) {
    /** An anchor without a record. */
    public static final Anchor NONE = new Anchor(null, null, Map.of());

    public Anchor {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        fetched = Collections.unmodifiableSet(new LinkedHashSet<>(fetched));
    }

    /** Creates an anchor with only the pairs of {@code parametersStr}. */
    public Anchor(@Nullable String entityName, @Nullable String entityId, Map<String, Object> pairs) {
        this(entityName, entityId, pairs, Set.of());
    }
}
