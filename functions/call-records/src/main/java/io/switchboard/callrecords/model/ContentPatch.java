package io.switchboard.callrecords.model;

import io.switchboard.json.ObjectReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merges a patch into content ({@code docs/reference/call-records.md}). The result is a body that must be read again:
 * it may contain nulls and lack types.
 */
final class ContentPatch {
    private ContentPatch() {}

    /** Returns the stored entity with the patch merged into it. */
    static Map<String, @Nullable Object> merged(
            ObjectType type, Map<String, @Nullable Object> stored, Map<?, ?> patch) {
        Map<String, @Nullable Object> merged = new LinkedHashMap<>(stored);
        merge(type, merged, patch);
        return merged;
    }

    private static void merge(@Nullable ObjectType type, Map<String, @Nullable Object> merged, Map<?, ?> patch) {
        for (var member : patch.entrySet()) {
            String name = (String) member.getKey();
            @Nullable Object value = member.getValue();
            @Nullable Property property = type == null ? null : type.property(name);
            if (property != null && property.role() == Property.Role.KEY) {
                continue;
            }
            if (value == null) {
                merged.remove(name);
            } else if (value instanceof Map<?, ?> patchObject && merged.get(name) instanceof Map<?, ?> storedObject) {
                merged.put(name, object(property, storedObject, patchObject));
            } else {
                merged.put(name, value);
            }
        }
    }

    private static Map<?, ?> object(@Nullable Property property, Map<?, ?> stored, Map<?, ?> patch) {
        @Nullable ObjectType declared = property != null && property.type() instanceof ObjectType type ? type : null;
        @Nullable Object sent = patch.get(ObjectType.ANNOTATION);
        @Nullable Object storedType = stored.get(ObjectType.ANNOTATION);
        if (declared != null && storedType == null) {
            storedType = declared.annotation();
        }
        if (sent != null && !sent.equals(storedType)) {
            return patch;
        }
        Map<String, @Nullable Object> merged = ObjectReader.members(stored);
        if (declared != null && declared.annotation().equals(storedType)) {
            // The declared type is no more specific than none: the patch may turn it into a derived type.
            merged.remove(ObjectType.ANNOTATION);
        }
        merge(declared == null ? null : declared.of(stored), merged, patch);
        return merged;
    }
}
