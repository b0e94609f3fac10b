package io.switchboard.callrecords.model;

import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entity type of {@code microsoft.graph.callRecords}, as described in {@code call-records.model}. Immutable.
 *
 * <p><em>Content</em> is the stored form of an entity: the JSON tree that was sent, with unchanged values, without
 * nulls and annotations. One annotation is kept: each object whose declared type has derived types carries its
 * {@code @odata.type}, with {@code #}, whether sent or inferred. An object of an open declared type carries it only if
 * its type is a derived one. The {@code id} is part of the content.
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

    /** Returns the description of the type. */
    ObjectType type() {
        return type;
    }

    /**
     * Returns whether {@code $select} may name this property or path: a declared property, or a path of complex
     * properties, which may begin with a navigation property of one entity.
     */
    public boolean isSelectable(String path) {
        ValueType at = type;
        for (String name : path.split("/", -1)) {
            @Nullable Property property = at instanceof ObjectType object ? object.declared(name) : null;
            if (property == null) {
                return !name.isEmpty() && at instanceof ObjectType object && object.isOpen();
            }
            if (property.isNavigation() && property.isCollection()) {
                return path.equals(name);
            }
            at = property.type();
        }
        return true;
    }

    /** Returns the type's short name, such as {@code session}. */
    public String name() {
        return type.name();
    }

    /** Returns the type's name with its namespace, such as {@code microsoft.graph.callRecords.session}. */
    public String qualifiedName() {
        return type.annotation().substring(1);
    }

    /** Returns the declared structural properties, {@code id} first, in the order of the description. */
    public List<String> properties() {
        return properties;
    }

    /**
     * Returns the declared navigation properties, such as {@code segments}. When sent inline, they are read as arrays
     * of content under their name; {@code organizer_v2} is read as one content.
     */
    public List<String> navigations() {
        return navigations;
    }

    /**
     * Reads a body. For {@link Purpose#CREATE} the result is content; for {@link Purpose#PATCH} it is the input of
     * {@link #patch}. Every violation is noted, with its target, up to 100. The result is invalid if there are
     * violations.
     */
    public Map<String, @Nullable Object> read(Map<String, @Nullable Object> body, ReadContext context) {
        return new ContentReader(context.purpose(), new Findings(context.violations(), context.warnings()))
                .entity(type, body, Target.of(context.target()));
    }

    /**
     * Returns the content with a patch applied ({@code docs/reference/call-records.md}: maps merge, null removes,
     * arrays are replaced; an object whose {@code @odata.type} changes is replaced as a whole). The arguments are not
     * changed, and the {@code id} stays. Violations and warnings of the result are noted, except those of what is
     * stored: the result keeps everything that the description does not have.
     *
     * @param patch the result of {@link #read} for {@link Purpose#PATCH}
     */
    public Map<String, @Nullable Object> patch(
            Map<String, @Nullable Object> stored, Map<String, @Nullable Object> patch, ReadContext context) {
        Map<?, ?> merged = ContentPatch.merged(type, stored, patch);
        boolean isStrict = context.warnings() == null;
        Violations violations = new Violations();
        Violations warnings = new Violations();
        Map<String, @Nullable Object> patched = created(merged, context, violations, isStrict ? null : warnings);
        if (isStrict && !violations.isEmpty()) {
            Violations before = new Violations();
            created(stored, context, before, null);
            addOthers(context.violations(), violations, before);
            return created(merged, context, new Violations(), warnings);
        }
        context.violations().addAll(violations);
        if (context.warnings() != null && !warnings.isEmpty()) {
            Violations before = new Violations();
            created(stored, context, new Violations(), before);
            addOthers(context.warnings(), warnings, before);
        }
        return patched;
    }

    private Map<String, @Nullable Object> created(
            Map<?, ?> body, ReadContext context, Violations violations, @Nullable Violations warnings) {
        return new ContentReader(Purpose.CREATE, new Findings(violations, warnings))
                .entity(type, body, Target.of(context.target()));
    }

    /** Adds the findings that were not there before. */
    private static void addOthers(Violations all, Violations found, Violations before) {
        Set<Violation> known = Set.copyOf(before.first());
        for (Violation each : found.first()) {
            if (!known.contains(each)) {
                all.add(each.code(), each.target(), each.message());
            }
        }
    }

    /**
     * Returns the content in normal form, for comparing and hashing: instants, durations and numbers by value, no
     * annotations, no nulls and empty collections, members sorted. The annotation of a type that derives from the
     * declared one is kept, and navigation properties are included.
     */
    public Map<String, @Nullable Object> normal(Map<String, @Nullable Object> content) {
        return NormalForm.ofObject(type, content);
    }

    /**
     * Returns the effect of posting content over stored content with the same key. Both have their navigation
     * properties inline.
     */
    public Reconciled reconcile(Map<String, @Nullable Object> stored, Map<String, @Nullable Object> posted) {
        return new Reconciliation().of(type, stored, posted);
    }

    /**
     * Returns the entity for a response. Declared structural properties without a value are null on the entity itself,
     * collections empty, but not in nested objects, and not if the model does not allow null, as for
     * {@code lastModifiedDateTime}. Members beyond an enum's sentinel become {@code unknownFutureValue} unless
     * requested. Navigation properties are omitted. Properties that the type does not declare, and members that an enum
     * does not have, are returned as they were sent.
     */
    public Map<String, @Nullable Object> show(Map<String, @Nullable Object> content, Projection projection) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        for (Property property : type.properties()) {
            String name = property.name();
            if (property.isNavigation() || !projection.selects(name)) {
                continue;
            }
            @Nullable Object value = content.get(name);
            if (value != null) {
                Object recognised = projection.unknownMembers() ? value : known(property.type(), value);
                shown.put(name, projection.selected(name, recognised));
            } else if (!projection.omitsNulls() && property.role() != Property.Role.BETA) {
                if (property.isCollection()) {
                    shown.put(name, List.of());
                } else if (property.isNullable()) {
                    shown.put(name, null);
                }
            }
        }
        if (projection.select() == null) {
            addUnknown(content, shown);
        }
        return shown;
    }

    /** Adds what a lenient reader has kept: members that the type does not declare, and the name of another type. */
    private void addUnknown(Map<String, @Nullable Object> content, Map<String, @Nullable Object> shown) {
        for (var member : content.entrySet()) {
            if (type.property(member.getKey()) == null) {
                shown.put(member.getKey(), member.getValue());
            }
        }
    }

    /** Returns a value without enum members that clients do not recognise: the same one if it has none. */
    private static Object known(ValueType type, Object value) {
        if (!type.hasMembersBeyond()) {
            return value;
        }
        if (value instanceof List<?> elements) {
            return knownElements(type, elements);
        }
        return switch (type) {
            case PrimitiveType primitive -> value;
            case EnumType members ->
                value instanceof String member && members.beyond().contains(member) ? EnumType.SENTINEL : value;
            case ObjectType declared ->
                value instanceof Map<?, ?> object ? knownMembers(declared.of(object), object) : value;
        };
    }

    @SuppressWarnings("ReferenceEquality") // known returns the same value if nothing changes
    private static List<?> knownElements(ValueType type, List<?> elements) {
        @Nullable List<@Nullable Object> changed = null;
        for (int i = 0; i < elements.size(); i++) {
            @Nullable Object element = elements.get(i);
            @Nullable Object known = element == null ? null : known(type, element);
            if (known != element) {
                changed = changed == null ? new ArrayList<>(elements) : changed;
                changed.set(i, known);
            }
        }
        return changed == null ? elements : changed;
    }

    @SuppressWarnings("ReferenceEquality") // known returns the same value if nothing changes
    private static Map<?, ?> knownMembers(ObjectType type, Map<?, ?> object) {
        @Nullable Map<String, @Nullable Object> changed = null;
        for (var member : object.entrySet()) {
            String name = (String) member.getKey();
            @Nullable Object value = member.getValue();
            @Nullable Property property = value == null ? null : type.property(name);
            @Nullable Object known = property == null || value == null ? value : known(property.type(), value);
            if (known != value) {
                changed = changed == null ? ObjectReader.members(object) : changed;
                changed.put(name, known);
            }
        }
        return changed == null ? object : changed;
    }
}
