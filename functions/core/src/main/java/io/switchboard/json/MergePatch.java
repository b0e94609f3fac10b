package io.switchboard.json;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON merge patches (RFC 7396): objects merge, null removes, everything else replaces. */
public final class MergePatch {
    private MergePatch() {}

    /** What an object becomes by a patch; neither is changed. */
    public static Map<String, @Nullable Object> apply(
            Map<String, @Nullable Object> target, Map<String, @Nullable Object> patch) {
        Map<String, @Nullable Object> patched = new LinkedHashMap<>(target);
        for (var change : patch.entrySet()) {
            @Nullable Object value = change.getValue();
            if (value != null && value.equals(patched.get(change.getKey()))) {
                // What a caller has read and sends back changes nothing, also where it holds nulls.
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
