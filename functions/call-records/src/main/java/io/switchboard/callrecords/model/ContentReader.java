package io.switchboard.callrecords.model;

import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Reads one body of an entity and notes its violations. Not thread-safe. */
final class ContentReader {
    private static final String INVALID_VALUE = "invalidValue";
    private static final String REQUIRED = "required";
    private static final String NOT_NULLABLE = "notNullable";

    private final Purpose purpose;
    private final Findings findings;
    private final TypeReader types;

    ContentReader(Purpose purpose, Findings findings) {
        this.purpose = purpose;
        this.findings = findings;
        this.types = new TypeReader(findings);
    }

    /** Reads an entity of exactly this type. */
    Map<String, @Nullable Object> entity(ObjectType type, Map<?, ?> body, Target target) {
        types.rejectOtherType(type, body, target);
        SequencedMap<String, @Nullable Object> content = members(type, type, body, target, purpose == Purpose.CREATE);
        @Nullable String undescribed = TypeReader.undescribed(type, body);
        if (undescribed != null) {
            content.putFirst(ObjectType.ANNOTATION, undescribed);
        }
        return content;
    }

    /** @param isWhole whether the object is complete, and not a patch of another */
    private SequencedMap<String, @Nullable Object> members(
            ObjectType type, ObjectType declared, Map<?, ?> object, Target target, boolean isWhole) {
        SequencedMap<String, @Nullable Object> content = new LinkedHashMap<>();
        for (var member : object.entrySet()) {
            String name = (String) member.getKey();
            @Nullable Object value = member.getValue();
            if (TypeReader.isAnnotation(name)) {
                continue;
            }
            @Nullable Property property = type.property(name);
            if (property != null) {
                declaredMember(property, value, target.member(name), isWhole, content);
            } else {
                if (!type.isOpen()) {
                    findings.unknownProperty(type, declared, name, target);
                }
                if (value != null) {
                    content.put(name, dynamic(value, target.member(name), isWhole));
                } else if (!isWhole) {
                    content.put(name, null);
                }
            }
        }
        if (isWhole) {
            requireAll(type, object, target);
        }
        return content;
    }

    private void declaredMember(
            Property property,
            @Nullable Object value,
            Target target,
            boolean isWhole,
            Map<String, @Nullable Object> content) {
        if (value == null) {
            if (!property.isNullable() && findings.isLenient() && !property.isRequired()) {
                findings.warn(NOT_NULLABLE, target, target + " must not be null. It is treated as absent.");
            } else if (!property.isNullable()) {
                findings.note(
                        NOT_NULLABLE,
                        target,
                        target + " must not be null. " + property.instruction()
                                + (property.isRequired() ? "." : ", or omit it."));
            } else if (!isWhole) {
                content.put(property.name(), null);
            }
            return;
        }
        @Nullable
        Object read = property.isCollection()
                ? collection(property, value, target)
                : single(property.type(), value, target, isWhole);
        if (read != null) {
            content.put(property.name(), read);
        }
        if (property.role() == Property.Role.KEY && value instanceof String text && text.isBlank()) {
            findings.note(INVALID_VALUE, target, target + " must not be blank. Send a string, or omit it.");
        }
    }

    /** Returns the elements; null if they are treated as absent. */
    private @Nullable Object collection(Property property, Object value, Target target) {
        if (!(value instanceof List<?> elements)) {
            findings.wrongType(target, "an array", value);
            return null;
        }
        if (elements.size() > InputLimits.ELEMENTS) {
            findings.note(
                    "tooMany",
                    target,
                    target + " has " + elements.size() + " elements; at most " + InputLimits.ELEMENTS
                            + " are allowed.");
            return null;
        }
        List<@Nullable Object> content = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            @Nullable Object element = elements.get(i);
            if (element == null) {
                findings.note(NOT_NULLABLE, target.element(i), target.element(i) + " must not be null. Remove it.");
            } else {
                // Arrays are replaced, never merged, so each object in them is complete.
                boolean isWhole = purpose == Purpose.CREATE || !(property.type() instanceof EnumType);
                @Nullable Object read = single(property.type(), element, target.element(i), isWhole);
                if (read != null) {
                    content.add(read);
                }
            }
        }
        return content.isEmpty() && !elements.isEmpty() ? null : content;
    }

    /** Returns the value read; null if it is treated as absent or is invalid. */
    private @Nullable Object single(ValueType type, Object value, Target target, boolean isWhole) {
        return switch (type) {
            case PrimitiveType primitive -> primitive(primitive, value, target);
            case EnumType members -> member(members, value, target, isWhole);
            case ObjectType declared -> object(declared, value, target, isWhole);
        };
    }

    private @Nullable Object primitive(PrimitiveType type, Object value, Target target) {
        return switch (type.match(value)) {
            case YES -> type.shown(value);
            case WRONG_TYPE -> {
                findings.wrongType(target, type.expected(), value);
                yield null;
            }
            case WRONG_VALUE -> {
                findings.note(INVALID_VALUE, target, target + " must be " + type.expected() + "." + type.cause(value));
                yield null;
            }
        };
    }

    private @Nullable Object member(EnumType type, Object value, Target target, boolean isWhole) {
        if (!(value instanceof String name)) {
            findings.wrongType(target, "a string, " + type.expected(), value);
            return null;
        }
        if (!type.members().contains(name)) {
            if (!findings.isLenient() || !EnumType.isName(name)) {
                findings.unknownMember(type, target);
                return null;
            }
            findings.keptMember(type, name, target);
        }
        // A read returns the sentinel, so a create accepts it. In a patch, it stands for the stored member.
        return name.equals(EnumType.SENTINEL) && !isWhole ? null : name;
    }

    private @Nullable Object object(ObjectType declared, Object value, Target target, boolean isWhole) {
        if (!(value instanceof Map<?, ?> object)) {
            findings.wrongType(target, "an object", value);
            return null;
        }
        if (declared.isAbstract() && object.get(ObjectType.ANNOTATION) == null && TypeReader.isEmpty(object)) {
            // The SDKs send this for an object of the abstract type.
            return null;
        }
        @Nullable ObjectType type = types.typeOf(declared, object, target, isWhole);
        if (type == null) {
            return null;
        }
        SequencedMap<String, @Nullable Object> content = members(type, declared, object, target, isWhole);
        @Nullable String undescribed = TypeReader.undescribed(declared, object);
        boolean isSent = object.get(ObjectType.ANNOTATION) != null;
        if (undescribed != null) {
            content.putFirst(ObjectType.ANNOTATION, undescribed);
        } else if (isWhole ? type.isAnnotatedIn(declared) : isSent) {
            content.putFirst(ObjectType.ANNOTATION, type.annotation());
        }
        return content;
    }

    private void requireAll(ObjectType type, Map<?, ?> object, Target target) {
        List<Property> missing = new ArrayList<>();
        int required = 0;
        for (Property property : type.properties()) {
            required += property.isRequired() ? 1 : 0;
            if (property.isRequired() && !object.containsKey(property.name())) {
                missing.add(property);
            }
        }
        if (missing.size() > 1 && missing.size() == required && target.isBody()) {
            findings.allMissing(REQUIRED, target, missing);
            return;
        }
        for (Property property : missing) {
            if (findings.mayNote()) {
                Target place = target.member(property.name());
                findings.note(REQUIRED, place, place + " is required. " + property.instruction() + ".");
            }
        }
    }

    /** Returns a dynamic value as it was sent, without annotations except {@code @odata.type}. */
    private Object dynamic(Object value, Target target, boolean isWhole) {
        if (value instanceof Map<?, ?> object) {
            Map<String, @Nullable Object> content = new LinkedHashMap<>();
            for (var member : object.entrySet()) {
                String name = (String) member.getKey();
                @Nullable Object inner = member.getValue();
                if (name.equals(ObjectType.ANNOTATION) && inner instanceof String typeName) {
                    content.put(name, TypeReader.withHash(typeName));
                } else if (name.equals(ObjectType.ANNOTATION) && inner != null) {
                    findings.wrongType(target.member(name), "a string", inner);
                } else if (!TypeReader.isAnnotation(name) && inner != null) {
                    content.put(name, dynamic(inner, target.member(name), isWhole));
                } else if (!TypeReader.isAnnotation(name) && !isWhole) {
                    content.put(name, null);
                }
            }
            return content;
        }
        if (value instanceof List<?> elements) {
            List<@Nullable Object> content = new ArrayList<>(elements.size());
            for (int i = 0; i < elements.size(); i++) {
                @Nullable Object element = elements.get(i);
                content.add(element == null ? null : dynamic(element, target.element(i), true));
            }
            return content;
        }
        return value;
    }
}
