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

/** Reads one body of an entity and notes what is wrong with it. Not thread-safe. */
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

    /** Reads an entity of this very type. */
    Map<String, @Nullable Object> entity(ObjectType type, Map<?, ?> body, Target target) {
        refuseOtherType(type, body, target);
        return members(type, type, body, target, purpose == Purpose.CREATE);
    }

    /** @param isWhole whether the object is all there will be of it, so not a patch of another */
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
                refuseUnknown(type, declared, name, target);
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
                        target + " cannot be null: " + property.request()
                                + (property.isRequired() ? "." : ", or leave it out."));
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
            note(INVALID_VALUE, target, target + " is blank: send a text that names it, or leave it out.");
        }
    }

    /** The elements; null where they count as absent. */
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
            note(REQUIRED, target, target + " is empty: " + property.request() + ".");
        }
        List<@Nullable Object> content = new ArrayList<>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            @Nullable Object element = elements.get(i);
            if (element == null) {
                note("notNullable", target.element(i), target.element(i) + " cannot be null: take it out.");
            } else {
                // Arrays are replaced, never merged: each element is all there will be of it.
                @Nullable Object read = single(property.type(), element, target.element(i), true);
                if (read != null) {
                    content.add(read);
                }
            }
        }
        return content.isEmpty() && !elements.isEmpty() ? null : content;
    }

    /** A value that is not null; null where it counts as absent or is wrong. */
    private @Nullable Object single(ValueType type, Object value, Target target, boolean isWhole) {
        return switch (type) {
            case PrimitiveType primitive -> primitive(primitive, value, target);
            case EnumType members -> member(members, value, target);
            case ObjectType declared -> object(declared, value, target, isWhole);
        };
    }

    private @Nullable Object primitive(PrimitiveType type, Object value, Target target) {
        return switch (type.suits(value)) {
            case YES -> value;
            case NOT_IN_KIND -> {
                wrongType(target, type.wanted(), value);
                yield null;
            }
            case NOT_IN_VALUE -> {
                note(INVALID_VALUE, target, target + " must be " + type.wanted() + ".");
                yield null;
            }
        };
    }

    private @Nullable Object member(EnumType type, Object value, Target target) {
        if (!(value instanceof String name)) {
            wrongType(target, "a text, " + type.wanted(), value);
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
                        target + " cannot be " + name + ", which stands for what a client does not know: send "
                                + type.wanted() + ", or leave it out.");
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
            // What the SDKs send for an object of the abstract type.
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

    /** The type that an object names or that its members tell; null after a violation. */
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
        // A patch need not tell: what it changes has a type.
        if (!fitting.isEmpty()
                && (fitting.size() == 1 || !isWhole || fitting.getFirst().equals(declared))) {
            return fitting.getFirst();
        }
        boolean isExplained = false;
        for (Object name : object.keySet()) {
            if (!isAnnotation((String) name) && !isKnown(declared, (String) name)) {
                refuseUnknown(declared, declared, (String) name, target);
                isExplained = true;
            }
        }
        if (!isExplained) {
            note(
                    "ambiguousType",
                    target,
                    target + " fits " + (fitting.isEmpty() ? "no type" : "several types") + ": send its \""
                            + ObjectType.ANNOTATION + "\", " + declared.wantedAnnotation() + ".");
        }
        return null;
    }

    private @Nullable ObjectType namedType(ObjectType declared, Object sent, Target target) {
        Target place = target.member(ObjectType.ANNOTATION);
        if (!(sent instanceof String name)) {
            wrongType(place, "a text, " + declared.wantedAnnotation(), sent);
            return null;
        }
        @Nullable ObjectType type = declared.named(withHash(name));
        if (type == null) {
            note("wrongTypeName", place, place + " must be " + declared.wantedAnnotation() + ".");
            return null;
        }
        if (type.isAbstract()) {
            note("abstractType", place, place + " names an abstract type: send " + declared.wantedAnnotation() + ".");
            return null;
        }
        return type;
    }

    private void refuseOtherType(ObjectType type, Map<?, ?> body, Target target) {
        @Nullable Object sent = body.get(ObjectType.ANNOTATION);
        if (sent != null) {
            namedType(type, sent, target);
        }
    }

    /** Whether all members that any type of the hierarchy has are properties of this one. */
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

    private void refuseUnknown(ObjectType type, ObjectType declared, String name, Target outer) {
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
                            target + " is not known: names are case-sensitive, write " + property.name() + ".");
                    return;
                }
            }
        }
        note(
                UNKNOWN_PROPERTY,
                target,
                owner == null
                        ? target + " is not known here: take it out."
                        : target + " is no property of " + type + ": take it out, or send the \""
                                + ObjectType.ANNOTATION + "\" that has it, " + owner.annotation() + ".");
    }

    private void requireAll(ObjectType type, Map<?, ?> object, Target target) {
        String hint = isEmpty(object)
                ? " Nothing was sent at all: the Graph SDK sends what was set since an object was read, so send a new object, or call"
                        + " getBackingStore().setIsInitializationCompleted(false) first."
                : "";
        for (Property property : type.properties()) {
            if (property.isRequired() && !object.containsKey(property.name()) && mayNote()) {
                Target place = target.member(property.name());
                note(REQUIRED, place, place + " is required: " + property.request() + "." + hint);
                hint = "";
            }
        }
    }

    /** A dynamic value as it was sent, without annotations but the one that names a type. */
    private Object dynamic(Object value, Target target, boolean isWhole) {
        if (value instanceof Map<?, ?> object) {
            Map<String, @Nullable Object> content = new LinkedHashMap<>();
            for (var member : object.entrySet()) {
                String name = (String) member.getKey();
                @Nullable Object inner = member.getValue();
                if (name.equals(ObjectType.ANNOTATION) && inner instanceof String typeName) {
                    content.put(name, withHash(typeName));
                } else if (name.equals(ObjectType.ANNOTATION) && inner != null) {
                    wrongType(target.member(name), "a text", inner);
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

    private void wrongType(Target target, String wanted, Object value) {
        if (mayNote()) {
            new ObjectReader(Map.of(), target.toString(), violations).wrongType("", wanted, value);
        }
    }

    private void note(String code, Target target, String message) {
        if (mayNote()) {
            violations.add(code, target.toString(), message);
        }
    }

    /** Whether a violation is described; of those beyond the limit only the number is. */
    private boolean mayNote() {
        if (violations.isFull()) {
            violations.addUnnamed(1);
        }
        return !violations.isFull();
    }

    /** Whether an object holds nothing but annotations. */
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
