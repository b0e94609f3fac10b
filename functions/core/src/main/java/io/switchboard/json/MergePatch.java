package io.switchboard.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applies JSON merge patches (RFC 7396): objects are merged, null removes a member, any other value replaces it. */
public final class MergePatch {
    private MergePatch() {}

    /** Returns a patched copy of an object. */
    public static Map<String, @Nullable Object> apply(
            Map<String, @Nullable Object> target, Map<String, @Nullable Object> patch) {
        Map<String, @Nullable Object> patched = new LinkedHashMap<>(target);
        for (var change : patch.entrySet()) {
            @Nullable Object value = change.getValue();
            if (value != null && value.equals(patched.get(change.getKey()))) {
                // A value that the caller has read and sends back is unchanged, even if it contains nulls.
                continue;
            }
            if (value == null) {
                patched.remove(change.getKey());
            } else if (value instanceof Map<?, ?> object) {
                @Nullable Object before = patched.get(change.getKey());
                patched.put(
                        change.getKey(),
                        apply(
                                before instanceof Map<?, ?> members ? ObjectReader.members(members) : Map.of(),
                                ObjectReader.members(object)));
            } else {
                patched.put(change.getKey(), value);
            }
        }
        return patched;
    }
}
