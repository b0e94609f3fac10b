package io.switchboard.callrecords.model;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
            new ContentReader(Purpose.CREATE, new Findings(violations, new Violations()))
                    .entity(type, content, Target.of(""));
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
        @Nullable String storedName = TypeReader.undescribed(declared, stored);
        @Nullable String postedName = TypeReader.undescribed(declared, posted);
        if (postedName != null && !postedName.equals(storedName)) {
            if (storedName != null || !storedType.equals(declared)) {
                differ(target.member(ObjectType.ANNOTATION));
            }
            content.put(ObjectType.ANNOTATION, postedName);
            isFilled = true;
        } else if (storedName != null && postedName == null && !postedType.equals(declared)) {
            differ(target.member(ObjectType.ANNOTATION));
        }
        if (storedName != null || postedName != null) {
            return declared;
        }
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
        if (property != null && property.type() instanceof EnumType) {
            return members(stored, posted, target);
        }
        if (stored instanceof List<?> before && posted instanceof List<?> after) {
            return elements(property, before, after, target);
        }
        if (!Objects.equals(NormalForm.of(property, stored), NormalForm.of(property, posted))) {
            differ(target);
        }
        return stored;
    }

    /** Compares the members of an enum as a set. The sentinel stands for any member. */
    private @Nullable Object members(@Nullable Object stored, @Nullable Object posted, Target target) {
        Set<@Nullable Object> before = setOf(stored);
        Set<@Nullable Object> after = setOf(posted);
        boolean mayBeMore = before.remove(EnumType.SENTINEL);
        boolean mayBeLess = after.remove(EnumType.SENTINEL);
        boolean isSame = before.equals(after) && mayBeMore == mayBeLess;
        if (isSame || (mayBeLess && before.containsAll(after))) {
            return stored;
        }
        if (mayBeMore && after.size() > before.size() && after.containsAll(before)) {
            isFilled = true;
            return posted;
        }
        differ(target);
        return stored;
    }

    private static Set<@Nullable Object> setOf(@Nullable Object value) {
        Set<@Nullable Object> members = new LinkedHashSet<>();
        if (value instanceof List<?> list) {
            members.addAll(list);
        } else {
            members.add(value);
        }
        return members;
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
