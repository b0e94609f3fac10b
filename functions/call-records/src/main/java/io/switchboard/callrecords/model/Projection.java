package io.switchboard.callrecords.model;

import io.switchboard.json.ObjectReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The representation of an entity in a response.
 *
 * @param omitsNulls whether properties without a value are omitted ({@code Prefer: omit-values=nulls})
 * @param unknownMembers whether enum members beyond the sentinel are returned unchanged ({@code Prefer:
 *     include-unknown-enum-members})
 * @param select the requested declared properties and paths of them, such as {@code caller/name}; null for all
 */
public record Projection(
        boolean omitsNulls,
        boolean unknownMembers,
        @Nullable Set<String> select) {
    /** All properties: the representation for a request without preferences and options. */
    public static final Projection ALL = new Projection(false, false, null);

    /** Returns whether a property of the entity is requested, as a whole or in part. */
    boolean selects(String property) {
        return select == null
                || select.contains(property)
                || !below(select, property).isEmpty();
    }

    /** Returns the requested part of the value of a property. */
    Object selected(String property, Object value) {
        return select == null || select.contains(property) ? value : part(value, below(select, property));
    }

    private static Object part(Object value, Set<String> paths) {
        if (value instanceof List<?> elements) {
            List<@Nullable Object> parts = new ArrayList<>();
            for (@Nullable Object element : elements) {
                parts.add(element == null ? null : part(element, paths));
            }
            return parts;
        }
        if (!(value instanceof Map<?, ?> object)) {
            return value;
        }
        Map<String, @Nullable Object> part = ObjectReader.members(object);
        part.keySet()
                .removeIf(name -> !name.startsWith("@")
                        && !paths.contains(name)
                        && below(paths, name).isEmpty());
        part.replaceAll((name, member) -> member == null || name.startsWith("@") || paths.contains(name)
                ? member
                : part(member, below(paths, name)));
        return part;
    }

    /** Returns the paths below a property. */
    private static Set<String> below(Set<String> paths, String property) {
        Set<String> below = new LinkedHashSet<>();
        for (String path : paths) {
            if (path.length() > property.length()
                    && path.charAt(property.length()) == '/'
                    && path.startsWith(property)) {
                below.add(path.substring(property.length() + 1));
            }
        }
        return below;
    }
}
