package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An entity type or complex type. Immutable once the description has been read. */
final class ObjectType implements ValueType {
    /** The annotation that names an object's type. */
    static final String ANNOTATION = "@odata.type";

    private final String name;
    private final String annotation;
    private final @Nullable ObjectType base;
    private final boolean isAbstract;
    private final boolean isOpen;
    private final Map<String, Property> properties = new LinkedHashMap<>();

    /** The types that derive from it, directly or indirectly. */
    private final List<ObjectType> derived = new ArrayList<>();

    /** The annotations of all types of the description. */
    private final Set<String> described;

    private boolean hasMembersBeyond;

    /**
     * Creates a type without properties; the reader of the description adds them.
     *
     * @param described gets the type's annotation; all types of a description share it
     */
    ObjectType(
            Set<String> described,
            String namespace,
            String name,
            @Nullable ObjectType base,
            boolean isAbstract,
            boolean isOpen) {
        this.name = name;
        this.annotation = "#" + namespace + "." + name;
        this.described = described;
        described.add(annotation);
        this.base = base;
        this.isAbstract = isAbstract;
        this.isOpen = isOpen || (base != null && base.isOpen);
        for (@Nullable ObjectType ancestor = base; ancestor != null; ancestor = ancestor.base) {
            ancestor.derived.add(this);
        }
    }

    /**
     * Copies the base's properties. Call it before the first own property is added, and after the last one of the base.
     */
    void inherit() {
        if (base != null) {
            properties.putAll(base.properties);
        }
    }

    void add(Property property) {
        if (properties.putIfAbsent(property.name(), property) != null) {
            throw new IllegalStateException(name + " has " + property.name() + " twice");
        }
    }

    /**
     * Determines {@link #hasMembersBeyond} from the present results of other types. Call it for all types until none
     * changes.
     *
     * @return whether the result of this type has changed
     */
    boolean findMembersBeyond() {
        if (hasMembersBeyond) {
            return false;
        }
        for (Property property : properties.values()) {
            hasMembersBeyond |= property.type().hasMembersBeyond();
        }
        for (ObjectType each : derived) {
            hasMembersBeyond |= each.hasMembersBeyond;
        }
        return hasMembersBeyond;
    }

    @Override
    public boolean hasMembersBeyond() {
        return hasMembersBeyond;
    }

    String name() {
        return name;
    }

    /** Returns the value of {@value #ANNOTATION}: the qualified name with {@code #}. */
    String annotation() {
        return annotation;
    }

    /** Returns the type from which it derives; null if there is none. */
    @Nullable
    ObjectType base() {
        return base;
    }

    boolean isAbstract() {
        return isAbstract;
    }

    /** Returns true if it allows dynamic properties besides the declared ones. */
    boolean isOpen() {
        return isOpen;
    }

    /** Returns the declared properties, inherited ones first. */
    Collection<Property> properties() {
        return properties.values();
    }

    @Nullable
    Property property(String property) {
        return properties.get(property);
    }

    /** Returns a property of this type or of a derived one: an object may leave out its type. */
    @Nullable
    Property declared(String property) {
        @Nullable Property found = properties.get(property);
        for (ObjectType each : derived) {
            found = found == null ? each.properties.get(property) : found;
        }
        return found;
    }

    List<ObjectType> derived() {
        return derived;
    }

    /** Returns true if this type equals the other or derives from it. */
    boolean isA(ObjectType other) {
        return equals(other) || other.derived.contains(this);
    }

    /** Returns true if any type of the description has this {@link #annotation}. */
    boolean isDescribed(String typeAnnotation) {
        return described.contains(typeAnnotation);
    }

    /** Returns this or a derived type by its {@link #annotation}; null if none has it. */
    @Nullable
    ObjectType named(@Nullable Object typeAnnotation) {
        if (annotation.equals(typeAnnotation)) {
            return this;
        }
        for (ObjectType each : derived) {
            if (each.annotation.equals(typeAnnotation)) {
                return each;
            }
        }
        return null;
    }

    /** Returns the type of an object of content whose declared type is this one. */
    ObjectType of(Map<?, ?> content) {
        @Nullable ObjectType named = named(content.get(ANNOTATION));
        return named == null ? this : named;
    }

    /** Returns the annotations of {@link #concrete}, for messages. */
    String expectedAnnotation() {
        List<String> names = concrete().stream().map(ObjectType::annotation).toList();
        return names.size() == 1 ? names.getFirst() : "one of: " + String.join(", ", names);
    }

    /** Returns the types among this and the derived ones that are not abstract. */
    List<ObjectType> concrete() {
        List<ObjectType> concrete = new ArrayList<>();
        if (!isAbstract) {
            concrete.add(this);
        }
        for (ObjectType each : derived) {
            if (!each.isAbstract) {
                concrete.add(each);
            }
        }
        return concrete;
    }

    /**
     * Returns true if content of this type carries its annotation if the given type is declared. Readers of a closed
     * hierarchy need the annotation. In an open hierarchy, the declared type itself is not annotated.
     */
    boolean isAnnotatedIn(ObjectType declared) {
        return !equals(declared) || (!derived.isEmpty() && !isOpen);
    }

    @Override
    public String toString() {
        return name;
    }
}
