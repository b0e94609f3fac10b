package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Determines the types of the objects of one body. Not thread-safe. */
final class TypeReader {
    private static final String WRONG_TYPE_NAME = "wrongTypeName";

    private final Findings findings;

    TypeReader(Findings findings) {
        this.findings = findings;
    }

    /** Returns true if an object contains only annotations. */
    static boolean isEmpty(Map<?, ?> object) {
        for (Object name : object.keySet()) {
            if (!isAnnotation((String) name)) {
                return false;
            }
        }
        return true;
    }

    static boolean isAnnotation(String name) {
        return name.indexOf('@') >= 0;
    }

    static String withHash(String typeName) {
        return typeName.startsWith("#") ? typeName : "#" + typeName;
    }

    /** Returns the name that an object has sent of a type that the description does not have; null if it has none. */
    static @Nullable String undescribed(ObjectType declared, Map<?, ?> object) {
        return object.get(ObjectType.ANNOTATION) instanceof String name && !declared.isDescribed(withHash(name))
                ? withHash(name)
                : null;
    }

    /** Checks the type that a body names, which must be exactly this one. */
    void rejectOtherType(ObjectType type, Map<?, ?> body, Target target) {
        @Nullable Object sent = body.get(ObjectType.ANNOTATION);
        if (sent != null && !isKept(type, body, target)) {
            namedType(type, sent, target);
        }
    }

    /** Returns the type that an object names or that its members determine; null after a violation. */
    @Nullable
    ObjectType typeOf(ObjectType declared, Map<?, ?> object, Target target, boolean isWhole) {
        @Nullable Object sent = object.get(ObjectType.ANNOTATION);
        boolean isKept = isKept(declared, object, target);
        if (sent != null && !isKept) {
            return namedType(declared, sent, target);
        }
        if (declared.derived().isEmpty() || (declared.isOpen() && !declared.isAbstract())) {
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
        if (isKept) {
            return declared;
        }
        rejectAmbiguous(declared, object, target, fitting.isEmpty());
        return null;
    }

    private void rejectAmbiguous(ObjectType declared, Map<?, ?> object, Target target, boolean fitsNone) {
        boolean isExplained = false;
        for (Object name : object.keySet()) {
            if (!findings.isLenient() && !isAnnotation((String) name) && !isKnown(declared, (String) name)) {
                findings.unknownProperty(declared, declared, (String) name, target);
                isExplained = true;
            }
        }
        if (!isExplained) {
            findings.note(
                    "ambiguousType",
                    target,
                    target + " matches " + (fitsNone ? "no type" : "several types") + ". Send its \""
                            + ObjectType.ANNOTATION + "\", " + declared.expectedAnnotation() + ".");
        }
    }

    /** Returns true, with a warning, if an object has a type that the description does not have, and may keep it. */
    private boolean isKept(ObjectType declared, Map<?, ?> object, Target target) {
        boolean isKept = findings.isLenient() && undescribed(declared, object) != null;
        if (isKept) {
            Target place = target.member(ObjectType.ANNOTATION);
            findings.kept(WRONG_TYPE_NAME, place, place + " is not a type that this version knows.");
        }
        return isKept;
    }

    private @Nullable ObjectType namedType(ObjectType declared, Object sent, Target target) {
        Target place = target.member(ObjectType.ANNOTATION);
        if (!(sent instanceof String name)) {
            findings.wrongType(place, "a string, " + declared.expectedAnnotation(), sent);
            return null;
        }
        @Nullable ObjectType type = declared.named(withHash(name));
        if (type == null) {
            findings.note(WRONG_TYPE_NAME, place, place + " must be " + declared.expectedAnnotation() + ".");
            return null;
        }
        if (type.isAbstract()) {
            findings.note(
                    "abstractType", place, place + " is an abstract type. Send " + declared.expectedAnnotation() + ".");
            return null;
        }
        return type;
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
}
