package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entity or complex type. It does not change once the description has been read. */
final class ObjectType implements ValueType {
    /** The annotation that names an object's type. */
    static final String ANNOTATION = "@odata.type";

    private final String name;
    private final String annotation;
    private final @Nullable ObjectType base;
    private final boolean isAbstract;
    private final boolean isOpen;
    private final Map<String, Property> properties = new LinkedHashMap<>();

    /** What derives from it, directly or not. */
    private final List<ObjectType> derived = new ArrayList<>();

    /** A type without properties, for the reader of the description to fill. */
    ObjectType(String namespace, String name, @Nullable ObjectType base, boolean isAbstract, boolean isOpen) {
        this.name = name;
        this.annotation = "#" + namespace + "." + name;
        this.base = base;
        this.isAbstract = isAbstract;
        this.isOpen = isOpen || (base != null && base.isOpen);
        for (@Nullable ObjectType ancestor = base; ancestor != null; ancestor = ancestor.base) {
            ancestor.derived.add(this);
        }
    }

    /** Takes over what the base has; before any property of its own is added, and after all of the base's were. */
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

    String name() {
        return name;
    }

    /** The name as {@value #ANNOTATION} gives it, with {@code #}. */
    String annotation() {
        return annotation;
    }

    boolean isAbstract() {
        return isAbstract;
    }

    /** Whether it has dynamic properties beside the declared ones. */
    boolean isOpen() {
        return isOpen;
    }

    /** The declared properties, inherited ones first. */
    Collection<Property> properties() {
        return properties.values();
    }

    @Nullable
    Property property(String property) {
        return properties.get(property);
    }

    List<ObjectType> derived() {
        return derived;
    }

    /** Whether this is the other one or derives from it. */
    boolean isA(ObjectType other) {
        return equals(other) || other.derived.contains(this);
    }

    /** This or a derived one by its {@link #annotation}; null where it is none of them. */
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

    /** The type of an object of content that is declared as this one. */
    ObjectType of(Map<?, ?> content) {
        @Nullable ObjectType named = named(content.get(ANNOTATION));
        return named == null ? this : named;
    }

    /** The annotations of {@link #concrete}, for messages. */
    String wantedAnnotation() {
        List<String> names = concrete().stream().map(ObjectType::annotation).toList();
        return names.size() == 1 ? names.getFirst() : "one of: " + String.join(", ", names);
    }

    /** This and the derived types that objects can be of. */
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
     * Whether content of this type carries its annotation where another type, or this one, is declared: readers of a closed hierarchy cannot do
     * without; in an open one the declared type says nothing.
     */
    boolean isAnnotatedIn(ObjectType declared) {
        return !equals(declared) || (!derived.isEmpty() && !isOpen);
    }

    @Override
    public String toString() {
        return name;
    }
}
