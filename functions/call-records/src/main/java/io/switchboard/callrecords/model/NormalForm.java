package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Content in a form in which equal means the same. */
final class NormalForm {
    private NormalForm() {}

    /** @param declared null for a dynamic object, whose type is then an annotation like others */
    static Map<String, @Nullable Object> ofObject(@Nullable ObjectType declared, Map<?, ?> content) {
        Map<String, @Nullable Object> normal = new TreeMap<>();
        @Nullable ObjectType type = declared == null ? null : declared.of(content);
        if (type != null && !type.equals(declared)) {
            // A derived type is more than an annotation: it says what the object is. The declared one says as much as
            // none.
            normal.put(ObjectType.ANNOTATION, type.annotation());
        }
        for (var member : content.entrySet()) {
            String name = (String) member.getKey();
            @Nullable Object value = member.getValue();
            if (!name.equals(ObjectType.ANNOTATION) && !isNothing(value)) {
                @Nullable Property property = type == null ? null : type.property(name);
                normal.put(name, of(property, value));
            }
        }
        return normal;
    }

    /** A null or an empty collection. */
    static boolean isNothing(@Nullable Object value) {
        return value == null || (value instanceof List<?> elements && elements.isEmpty());
    }

    /** @param property null for a dynamic value and what is in it */
    static @Nullable Object of(@Nullable Property property, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return ofObject(property != null && property.type() instanceof ObjectType type ? type : null, object);
        }
        if (value instanceof List<?> elements) {
            List<@Nullable Object> normal = new ArrayList<>(elements.size());
            for (@Nullable Object element : elements) {
                normal.add(of(property, element));
            }
            // Which modalities there were is a set.
            return property != null && property.type() instanceof EnumType
                    ? List.copyOf(new TreeSet<>(normal))
                    : normal;
        }
        if (value == null) {
            return null;
        }
        return property != null && property.type() instanceof PrimitiveType primitive
                ? primitive.normal(value)
                : PrimitiveType.normalScalar(value);
    }
}
