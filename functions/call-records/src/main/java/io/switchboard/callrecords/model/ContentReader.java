package io.switchboard.callrecords.model;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
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
    private static final String UNKNOWN_PROPERTY = "unknownProperty";

    private final Purpose purpose;
    private final Violations violations;

    ContentReader(Purpose purpose, Violations violations) {
        this.purpose = purpose;
        this.violations = violations;
    }

    /** Reads an entity of exactly this type. */
    Map<String, @Nullable Object> entity(ObjectType type, Map<?, ?> body, Target target) {
        rejectOtherType(type, body, target);
        return members(type, type, body, target, purpose == Purpose.CREATE);
    }

    /** @param isWhole whether the object is complete, and not a patch of another */
    private SequencedMap<String, @Nullable Object> members(
            ObjectType type, ObjectType declared, Map<?, ?> object, Target target, boolean isWhole) {
        SequencedMap<String, @Nullable Object> content = new LinkedHashMap<>();
        for (var member : object.entrySet()) {
            String name = (String) member.getKey();
            @Nullable Object value = member.getValue();
            if (isAnnotation(name)) {
                continue;
            }
            @Nullable Property property = type.property(name);
            if (property != null) {
                declaredMember(property, value, target.member(name), isWhole, content);
            } else if (!type.isOpen()) {
                rejectUnknown(type, declared, name, target);
            } else if (value != null) {
                content.put(name, dynamic(value, target.member(name), isWhole));
            } else if (!isWhole) {
                content.put(name, null);
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
            if (!property.isNullable()) {
                note(
                        "notNullable",
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
            note(INVALID_VALUE, target, target + " must not be blank. Send a string, or omit it.");
        }
    }

    /** Returns the elements; null if they are treated as absent. */
    private @Nullable Object collection(Property property, Object value, Target target) {
        if (!(value instanceof List<?> elements)) {
            wrongType(target, "an array", value);
            return null;
        }
        if (elements.size() > InputLimits.ELEMENTS) {
            note(
                    "tooMany",
                    target,
                    target + " has " + elements.size() + " elements; at most " + InputLimits.ELEMENTS
                            + " are allowed.");
            return null;
        }
        if (elements.isEmpty() && property.isRequired()) {
            note(REQUIRED, target, target + " must not be empty. " + property.instruction() + ".");
        }
        List<@Nullable Object> content = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            @Nullable Object element = elements.get(i);
            if (element == null) {
                note("notNullable", target.element(i), target.element(i) + " must not be null. Remove it.");
            } else {
                // Arrays are replaced, never merged, so each element is complete.
                @Nullable Object read = single(property.type(), element, target.element(i), true);
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
            case EnumType members -> member(members, value, target);
            case ObjectType declared -> object(declared, value, target, isWhole);
        };
    }

    private @Nullable Object primitive(PrimitiveType type, Object value, Target target) {
        return switch (type.match(value)) {
            case YES -> value;
            case WRONG_TYPE -> {
                wrongType(target, type.expected(), value);
                yield null;
            }
            case WRONG_VALUE -> {
                note(INVALID_VALUE, target, target + " must be " + type.expected() + ".");
                yield null;
            }
        };
    }

    private @Nullable Object member(EnumType type, Object value, Target target) {
        if (!(value instanceof String name)) {
            wrongType(target, "a string, " + type.expected(), value);
            return null;
        }
        if (!type.members().contains(name)) {
            if (mayNote()) {
                violations.add("invalidEnumMember", target.toString(), target + " must be one of", type.sendable());
            }
            return null;
        }
        if (name.equals(EnumType.SENTINEL)) {
            if (purpose == Purpose.CREATE) {
                note(
                        "invalidEnumMember",
                        target,
                        target + " must not be " + name
                                + ", which stands for members that a client does not recognise. Send " + type.expected()
                                + ", or omit it.");
            }
            return null;
        }
        return name;
    }

    private @Nullable Object object(ObjectType declared, Object value, Target target, boolean isWhole) {
        if (!(value instanceof Map<?, ?> object)) {
            wrongType(target, "an object", value);
            return null;
        }
        if (declared.isAbstract() && object.get(ObjectType.ANNOTATION) == null && isEmpty(object)) {
            // The SDKs send this for an object of the abstract type.
            return null;
        }
        @Nullable ObjectType type = typeOf(declared, object, target, isWhole);
        if (type == null) {
            return null;
        }
        SequencedMap<String, @Nullable Object> content = members(type, declared, object, target, isWhole);
        boolean isSent = object.get(ObjectType.ANNOTATION) != null;
        if (isWhole ? type.isAnnotatedIn(declared) : isSent) {
            content.putFirst(ObjectType.ANNOTATION, type.annotation());
        }
        return content;
    }

    /** Returns the type that an object names or that its members determine; null after a violation. */
    private @Nullable ObjectType typeOf(ObjectType declared, Map<?, ?> object, Target target, boolean isWhole) {
        @Nullable Object sent = object.get(ObjectType.ANNOTATION);
        if (sent != null) {
            return namedType(declared, sent, target);
        }
        if (declared.derived().isEmpty()) {
            return declared;
        }
        List<ObjectType> fitting = new ArrayList<>();
        for (ObjectType type : declared.concrete()) {
            if (fits(type, declared, object)) {
                fitting.add(type);
            }
        }
        // A patch need not determine the type: the stored object has one.
        if (!fitting.isEmpty()
                && (fitting.size() == 1 || !isWhole || fitting.getFirst().equals(declared))) {
            return fitting.getFirst();
        }
        boolean isExplained = false;
        for (Object name : object.keySet()) {
            if (!isAnnotation((String) name) && !isKnown(declared, (String) name)) {
                rejectUnknown(declared, declared, (String) name, target);
                isExplained = true;
            }
        }
        if (!isExplained) {
            note(
                    "ambiguousType",
                    target,
                    target + " matches " + (fitting.isEmpty() ? "no type" : "several types") + ". Send its \""
                            + ObjectType.ANNOTATION + "\", " + declared.expectedAnnotation() + ".");
        }
        return null;
    }

    private @Nullable ObjectType namedType(ObjectType declared, Object sent, Target target) {
        Target place = target.member(ObjectType.ANNOTATION);
        if (!(sent instanceof String name)) {
            wrongType(place, "a string, " + declared.expectedAnnotation(), sent);
            return null;
        }
        @Nullable ObjectType type = declared.named(withHash(name));
        if (type == null) {
            note("wrongTypeName", place, place + " must be " + declared.expectedAnnotation() + ".");
            return null;
        }
        if (type.isAbstract()) {
            note("abstractType", place, place + " is an abstract type. Send " + declared.expectedAnnotation() + ".");
            return null;
        }
        return type;
    }

    private void rejectOtherType(ObjectType type, Map<?, ?> body, Target target) {
        @Nullable Object sent = body.get(ObjectType.ANNOTATION);
        if (sent != null) {
            namedType(type, sent, target);
        }
    }

    /** Returns true if all members that belong to any type of the hierarchy are properties of this type. */
    private static boolean fits(ObjectType type, ObjectType declared, Map<?, ?> object) {
        for (Object key : object.keySet()) {
            String name = (String) key;
            if (!isAnnotation(name) && type.property(name) == null && !type.isOpen() && isKnown(declared, name)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isKnown(ObjectType declared, String name) {
        if (declared.property(name) != null) {
            return true;
        }
        for (ObjectType each : declared.derived()) {
            if (each.property(name) != null) {
                return true;
            }
        }
        return false;
    }

    private void rejectUnknown(ObjectType type, ObjectType declared, String name, Target outer) {
        if (!mayNote()) {
            return;
        }
        Target target = outer.member(name);
        @Nullable ObjectType owner = null;
        for (ObjectType each : declared.concrete()) {
            for (Property property : each.properties()) {
                if (property.name().equals(name)) {
                    owner = each;
                } else if (property.name().equalsIgnoreCase(name)) {
                    note(
                            UNKNOWN_PROPERTY,
                            target,
                            target + " is not recognised. Names are case-sensitive; use " + property.name() + ".");
                    return;
                }
            }
        }
        note(
                UNKNOWN_PROPERTY,
                target,
                owner == null
                        ? target + " is not recognised. Remove it."
                        : target + " is not a property of " + type + ". Remove it, or send the \""
                                + ObjectType.ANNOTATION + "\" of the type that has it, " + owner.annotation() + ".");
    }

    private void requireAll(ObjectType type, Map<?, ?> object, Target target) {
        String hint = isEmpty(object)
                ? " The object is empty: the Graph SDK sends only the properties set since an object was read."
                        + " Send a new object, or call getBackingStore().setIsInitializationCompleted(false) first."
                : "";
        for (Property property : type.properties()) {
            if (property.isRequired() && !object.containsKey(property.name()) && mayNote()) {
                Target place = target.member(property.name());
                note(REQUIRED, place, place + " is required. " + property.instruction() + "." + hint);
                hint = "";
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
                    content.put(name, withHash(typeName));
                } else if (name.equals(ObjectType.ANNOTATION) && inner != null) {
                    wrongType(target.member(name), "a string", inner);
                } else if (!isAnnotation(name) && inner != null) {
                    content.put(name, dynamic(inner, target.member(name), isWhole));
                } else if (!isAnnotation(name) && !isWhole) {
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

    private void wrongType(Target target, String expected, Object value) {
        if (mayNote()) {
            new ObjectReader(Map.of(), target.toString(), violations).wrongType("", expected, value);
        }
    }

    private void note(String code, Target target, String message) {
        if (mayNote()) {
            violations.add(code, target.toString(), message);
        }
    }

    /** Returns true if the next violation is described. Beyond the limit, violations are only counted. */
    private boolean mayNote() {
        if (violations.isFull()) {
            violations.addUnnamed(1);
        }
        return !violations.isFull();
    }

    /** Returns true if an object contains only annotations. */
    private static boolean isEmpty(Map<?, ?> object) {
        for (Object name : object.keySet()) {
            if (!isAnnotation((String) name)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAnnotation(String name) {
        return name.indexOf('@') >= 0;
    }

    private static String withHash(String typeName) {
        return typeName.startsWith("#") ? typeName : "#" + typeName;
    }
}
