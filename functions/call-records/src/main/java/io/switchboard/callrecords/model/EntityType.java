package io.switchboard.callrecords.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entity type of {@code microsoft.graph.callRecords}, as the description {@code call-records.model} has it. Immutable.
 *
 * <p><em>Content</em> is the form in which an entity is kept: a JSON tree of what was sent, values as they were written, without
 * nulls and without annotations, except that each object of a type with derived ones carries its {@code @odata.type}, with
 * {@code #}, whether it was sent or inferred (where the declared type is open: unless it is that one). The {@code id} is part of it.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class EntityType {
    private final ObjectType type;
    private final List<String> properties;
    private final List<String> navigations;

    EntityType(ObjectType type) {
        this.type = type;
        List<String> structural = new ArrayList<>();
        List<String> navigating = new ArrayList<>();
        for (Property property : type.properties()) {
            (property.isNavigation() ? navigating : structural).add(property.name());
        }
        this.properties = List.copyOf(structural);
        this.navigations = List.copyOf(navigating);
    }

    /** The type's short name, such as {@code session}. */
    public String name() {
        return type.name();
    }

    /** The declared structural properties, {@code id} first, in the description's order. */
    public List<String> properties() {
        return properties;
    }

    /**
     * The declared navigation properties, such as {@code segments}. Sent inline they are read as arrays of content (or, for
     * {@code organizer_v2}, as one content) under their name.
     */
    public List<String> navigations() {
        return navigations;
    }

    /**
     * Reads a body. For {@link Purpose#CREATE} the result is content; for {@link Purpose#PATCH} it is what {@link #patch} takes.
     * Every violation is noted, with its target, up to a hundred; the result then is of no use.
     */
    public Map<String, @Nullable Object> read(Map<String, @Nullable Object> body, ReadContext context) {
        return new ContentReader(context.purpose(), context.violations())
                .entity(type, body, Target.of(context.target()));
    }

    /**
     * The content that a patch makes of another ({@code API.md} §2: maps merge, null removes, arrays are replaced; an object whose
     * {@code @odata.type} changes is replaced as a whole). Neither is changed, and the {@code id} stays. Violations of the result are noted.
     *
     * @param patch as {@link #read} gave it for {@link Purpose#PATCH}
     */
    public Map<String, @Nullable Object> patch(
            Map<String, @Nullable Object> stored, Map<String, @Nullable Object> patch, ReadContext context) {
        return new ContentReader(Purpose.CREATE, context.violations())
                .entity(type, ContentPatch.merged(type, stored, patch), Target.of(context.target()));
    }

    /**
     * The content in a form in which equal means the same: instants, durations and numbers by value, annotations aside, nulls and empty
     * collections absent, members sorted. A type that derives from the declared one is no annotation here: it counts. Navigation properties
     * count too. Made for comparing and hashing, never shown.
     */
    public Map<String, @Nullable Object> normal(Map<String, @Nullable Object> content) {
        return NormalForm.ofObject(type, content);
    }

    /** What posting this content does to the stored one of the same key; both with their navigation properties inline. */
    public Reconciled reconcile(Map<String, @Nullable Object> stored, Map<String, @Nullable Object> posted) {
        return new Reconciliation().of(type, stored, posted);
    }

    /**
     * The entity as answers show it: declared structural properties without a value are null on the entity itself (not in what is nested, and
     * not where the model allows no null, such as for {@code lastModifiedDateTime}), and members beyond an enum's sentinel are {@code unknownFutureValue} unless they were asked for. Navigation properties of the content are left out.
     */
    public Map<String, @Nullable Object> show(Map<String, @Nullable Object> content, Projection projection) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        for (Property property : type.properties()) {
            String name = property.name();
            if (property.isNavigation()
                    || (projection.select() != null && !projection.select().contains(name))) {
                continue;
            }
            @Nullable Object value = content.get(name);
            if (value != null) {
                shown.put(name, projection.unknownMembers() ? value : known(property.type(), value));
            } else if (!projection.omitsNulls() && property.isNullable()) {
                shown.put(name, null);
            }
        }
        return shown;
    }

    /** A value without members that clients do not know. */
    private static Object known(ValueType type, Object value) {
        if (value instanceof List<?> elements) {
            List<@Nullable Object> known = new ArrayList<>(elements.size());
            for (@Nullable Object element : elements) {
                known.add(element == null ? null : known(type, element));
            }
            return known;
        }
        return switch (type) {
            case PrimitiveType primitive -> value;
            case EnumType members ->
                value instanceof String member && members.beyond().contains(member) ? EnumType.SENTINEL : value;
            case ObjectType declared ->
                value instanceof Map<?, ?> object ? knownMembers(declared.of(object), object) : value;
        };
    }

    private static Map<String, @Nullable Object> knownMembers(ObjectType type, Map<?, ?> object) {
        Map<String, @Nullable Object> known = new LinkedHashMap<>();
        for (var member : object.entrySet()) {
            String name = (String) member.getKey();
            @Nullable Object value = member.getValue();
            @Nullable Property property = type.property(name);
            known.put(name, property == null || value == null ? value : known(property.type(), value));
        }
        return known;
    }
}
