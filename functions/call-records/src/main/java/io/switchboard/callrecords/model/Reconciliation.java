package io.switchboard.callrecords.model;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compares posted content with stored content of the same key, and merges it. For one use, not thread-safe. */
final class Reconciliation {
    private boolean isFilled;
    private boolean isTypeFilled;
    private @Nullable Target different;

    /** Returns the effect on the stored entity. */
    Reconciled of(ObjectType type, Map<?, ?> stored, Map<?, ?> posted) {
        Map<String, @Nullable Object> content = object(type, stored, posted, Target.of(""));
        if (different != null) {
            return new Reconciled.Different(different.toString());
        }
        if (isTypeFilled) {
            // With a more derived type, values that were dynamic are now declared, so they are checked.
            Violations violations = new Violations();
            new ContentReader(Purpose.CREATE, violations).entity(type, content, Target.of(""));
            if (!violations.isEmpty()) {
                return new Reconciled.Different(violations.all().getFirst().target());
            }
        }
        return isFilled ? new Reconciled.Filled(content) : new Reconciled.Same();
    }

    private Map<String, @Nullable Object> object(
            @Nullable ObjectType declared, Map<?, ?> stored, Map<?, ?> posted, Target target) {
        Map<String, @Nullable Object> content = ObjectReader.members(stored);
        @Nullable ObjectType type = declared == null ? null : type(declared, stored, posted, target, content);
        for (var member : posted.entrySet()) {
            String name = (String) member.getKey();
            @Nullable Object value = member.getValue();
            @Nullable Object before = content.get(name);
            if (name.equals(ObjectType.ANNOTATION) || NormalForm.isEmpty(value)) {
                continue;
            }
            if (NormalForm.isEmpty(before)) {
                content.put(name, value);
                isFilled = true;
            } else {
                content.put(name, value(type == null ? null : type.property(name), before, value, target.member(name)));
            }
        }
        return content;
    }

    /** Returns the more derived one of both types. */
    private ObjectType type(
            ObjectType declared,
            Map<?, ?> stored,
            Map<?, ?> posted,
            Target target,
            Map<String, @Nullable Object> content) {
        ObjectType storedType = declared.of(stored);
        ObjectType postedType = declared.of(posted);
        if (storedType.isA(postedType)) {
            return storedType;
        }
        if (!postedType.isA(storedType)) {
            differ(target.member(ObjectType.ANNOTATION));
        }
        content.put(ObjectType.ANNOTATION, postedType.annotation());
        isFilled = true;
        isTypeFilled = true;
        return postedType;
    }

    private @Nullable Object value(
            @Nullable Property property, @Nullable Object stored, @Nullable Object posted, Target target) {
        if (stored instanceof Map<?, ?> before && posted instanceof Map<?, ?> after) {
            return object(
                    property != null && property.type() instanceof ObjectType type ? type : null,
                    before,
                    after,
                    target);
        }
        if (stored instanceof List<?> before
                && posted instanceof List<?> after
                && !(property != null && property.type() instanceof EnumType)) {
            return elements(property, before, after, target);
        }
        if (!Objects.equals(NormalForm.of(property, stored), NormalForm.of(property, posted))) {
            differ(target);
        }
        return stored;
    }

    private @Nullable Object elements(@Nullable Property property, List<?> stored, List<?> posted, Target target) {
        if (stored.size() != posted.size()) {
            differ(target);
            return stored;
        }
        List<@Nullable Object> elements = new ArrayList<>(stored.size());
        for (int i = 0; i < stored.size(); i++) {
            elements.add(value(property, stored.get(i), posted.get(i), target.element(i)));
        }
        return elements;
    }

    private void differ(Target target) {
        if (different == null) {
            different = target;
        }
    }
}
