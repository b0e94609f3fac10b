package io.switchboard.callrecords.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An entity type of {@code microsoft.graph.callRecords}, as the description {@code call-records.model} has it. Immutable.
 *
 * <p><em>Content</em> is the form in which an entity is kept: a JSON tree of what was sent, values as they were written, without
 * nulls and without annotations, except that each object of a type with derived ones carries its {@code @odata.type}, with
 * {@code #}, whether it was sent or inferred. The {@code id} is part of it.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class EntityType {
    private EntityType() {}

    /** The type's short name, such as {@code session}. */
    public String name() {
        throw new UnsupportedOperationException();
    }

    /** The declared structural properties, {@code id} first, in the description's order. */
    public List<String> properties() {
        throw new UnsupportedOperationException();
    }

    /**
     * The declared navigation properties, such as {@code segments}. Sent inline they are read as arrays of content (or, for
     * {@code organizer_v2}, as one content) under their name.
     */
    public List<String> navigations() {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads a body. For {@link Purpose#CREATE} the result is content; for {@link Purpose#PATCH} it is what {@link #patch} takes.
     * Every violation is noted, with its target; the result then is of no use.
     */
    public Map<String, @Nullable Object> read(Map<String, @Nullable Object> body, Reading reading) {
        throw new UnsupportedOperationException();
    }

    /**
     * The content that a patch makes of another ({@code API.md} §2: maps merge, null removes, arrays are replaced; an object whose
     * {@code @odata.type} changes is replaced as a whole). Neither is changed. Violations of the result are noted.
     *
     * @param patch as {@link #read} gave it for {@link Purpose#PATCH}
     */
    public Map<String, @Nullable Object> patch(
            Map<String, @Nullable Object> stored, Map<String, @Nullable Object> patch, Reading reading) {
        throw new UnsupportedOperationException();
    }

    /**
     * The content in a form in which equal means the same: instants, durations and numbers by value, annotations aside, nulls and empty
     * collections absent, members sorted. Navigation properties count too. Made for comparing and hashing, never shown.
     */
    public Map<String, @Nullable Object> normal(Map<String, @Nullable Object> content) {
        throw new UnsupportedOperationException();
    }

    /** What posting this content does to the stored one of the same key; both with their navigation properties inline. */
    public Reconciled reconcile(Map<String, @Nullable Object> stored, Map<String, @Nullable Object> posted) {
        throw new UnsupportedOperationException();
    }

    /**
     * The entity as answers show it: declared structural properties without a value are null on the entity itself (not in what is nested), and
     * members beyond an enum's sentinel are {@code unknownFutureValue} unless they were asked for. Navigation properties of the content are left out.
     */
    public Map<String, @Nullable Object> show(Map<String, @Nullable Object> content, Showing showing) {
        throw new UnsupportedOperationException();
    }
}
