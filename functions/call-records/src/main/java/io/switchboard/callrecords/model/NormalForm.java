package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Normalises content, so that equal content has equal normal forms. */
final class NormalForm {
    private NormalForm() {}

    /** @param declared null for a dynamic object, whose type is an annotation like any other */
    static Map<String, @Nullable Object> ofObject(@Nullable ObjectType declared, Map<?, ?> content) {
        Map<String, @Nullable Object> normal = new TreeMap<>();
        @Nullable ObjectType type = declared == null ? null : declared.of(content);
        @Nullable String undescribed = declared == null ? null : TypeReader.undescribed(declared, content);
        if (undescribed != null) {
            normal.put(ObjectType.ANNOTATION, undescribed);
        } else if (type != null && !type.equals(declared)) {
            // A derived type is part of the content. The declared type is equivalent to no annotation.
            normal.put(ObjectType.ANNOTATION, type.annotation());
        }
        for (var member : content.entrySet()) {
            String name = (String) member.getKey();
            @Nullable Object value = member.getValue();
            if (!name.equals(ObjectType.ANNOTATION) && !isEmpty(value)) {
                @Nullable Property property = type == null ? null : type.property(name);
                normal.put(name, of(property, value));
            }
        }
        return normal;
    }

    /** Returns true if a value is null or an empty collection. */
    static boolean isEmpty(@Nullable Object value) {
        return value == null || (value instanceof List<?> elements && elements.isEmpty());
    }

    /** @param property null for a dynamic value and its contents */
    static @Nullable Object of(@Nullable Property property, @Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            return ofObject(property != null && property.type() instanceof ObjectType type ? type : null, object);
        }
        if (value instanceof List<?> elements) {
            List<@Nullable Object> normal = new ArrayList<>(elements.size());
            for (@Nullable Object element : elements) {
                normal.add(of(property, element));
            }
            // The modalities are a set: their order does not matter.
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
