package io.switchboard.json;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stored JSON object, or an object inside of it. See {@code docs/decisions/0031-stored-documents.md}.
 *
 * <p>The outermost object has a schema number. Properties with their default value are omitted. Documents from before
 * schema numbers have no number and omit nothing. Not thread-safe.
 */
public final class StoredDocument {
    private static final String SCHEMA = "schema";

    private final String kind;
    private final Map<String, @Nullable Object> properties;

    private StoredDocument(String kind, Map<String, @Nullable Object> properties) {
        this.kind = kind;
        this.properties = properties;
    }

    /**
     * Returns an empty document for writing.
     *
     * @param kind the kind of document, for messages
     */
    public static StoredDocument ofSchema(int schema, String kind) {
        return new StoredDocument(kind, new LinkedHashMap<>()).put(SCHEMA, schema);
    }

    /**
     * Reads a document.
     *
     * @param newest the newest schema that the caller can read
     * @throws RuntimeException if the text is not a JSON object, or has a newer schema
     */
    public static StoredDocument read(String text, int newest, String kind) {
        StoredDocument document = new StoredDocument(kind, Json.readOwn(text));
        @Nullable Object schema = document.properties.get(SCHEMA);
        boolean isKnown = schema == null || (schema instanceof Integer number && number >= 1 && number <= newest);
        if (!isKnown) {
            throw new IllegalStateException(
                    "A stored " + kind + " has an unsupported schema; the newest supported schema is " + newest);
        }
        return document;
    }

    /** Returns an empty object to be put into this one. */
    public StoredDocument inner() {
        return new StoredDocument(kind, new LinkedHashMap<>());
    }

    /** Sets a property. */
    public StoredDocument put(String name, @Nullable Object value) {
        properties.put(name, value);
        return this;
    }

    /** Sets a property, or omits it if it has its default value. Reading must use the same default. */
    public StoredDocument put(String name, @Nullable Object value, @Nullable Object absent) {
        return Objects.equals(value, absent) ? this : put(name, value);
    }

    /** Sets a property to an object, or omits it if the object has no properties. */
    public StoredDocument putObject(String name, StoredDocument inner) {
        return inner.properties.isEmpty() ? this : put(name, inner.properties);
    }

    /** Sets a property to an array of objects, or omits it if the array is empty. */
    public StoredDocument putObjects(String name, List<StoredDocument> inner) {
        return inner.isEmpty() ? this : putArray(name, inner);
    }

    /** Sets a property to an array of objects, which may be empty. */
    public StoredDocument putArray(String name, List<StoredDocument> inner) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        for (StoredDocument each : inner) {
            objects.add(each.properties);
        }
        return put(name, objects);
    }

    /** Returns the document as text. */
    public String write() {
        return Json.write(properties);
    }

    /** Returns a required text. */
    public String text(String name) {
        return required(name, textOrNull(name));
    }

    /** Returns a text, or the default. */
    public String text(String name, String absent) {
        return Objects.requireNonNullElse(textOrNull(name), absent);
    }

    /** Returns a text or null. */
    public @Nullable String textOrNull(String name) {
        return value(name, String.class);
    }

    /** Returns a text or null, or the default if the property is absent. */
    public @Nullable String textOrNull(String name, @Nullable String absent) {
        return properties.containsKey(name) ? textOrNull(name) : absent;
    }

    /** Returns a whole number, or the default. */
    public long number(String name, long absent) {
        @Nullable Number number = value(name, Number.class);
        return number == null ? absent : number.longValue();
    }

    /** Returns a boolean, or the default. */
    public boolean truth(String name, boolean absent) {
        return Objects.requireNonNullElse(value(name, Boolean.class), absent);
    }

    /** Returns one of the named values, which is required. */
    public <T> T oneOf(String name, Map<String, T> values) {
        return named(name, text(name), values);
    }

    /** Returns one of the named values, or the default. */
    public <T> T oneOf(String name, Map<String, T> values, T absent) {
        @Nullable String text = textOrNull(name);
        return text == null ? absent : named(name, text, values);
    }

    private <T> T named(String name, String text, Map<String, T> values) {
        return required("supported value of " + name, values.get(text));
    }

    /** Returns a required time. */
    public Instant instant(String name) {
        return Instant.parse(text(name));
    }

    /** Returns a time, or the default. */
    public Instant instant(String name, Instant absent) {
        return Objects.requireNonNullElse(instantOrNull(name), absent);
    }

    /** Returns a time or null. */
    public @Nullable Instant instantOrNull(String name) {
        @Nullable String text = textOrNull(name);
        return text == null ? null : Instant.parse(text);
    }

    /** Returns texts in their order; none if the property is absent. */
    @SuppressWarnings("unchecked") // only texts are put there
    public List<String> texts(String name) {
        return (List<String>) Objects.requireNonNullElse(value(name, List.class), List.of());
    }

    /** Returns JSON values by name, or the default. No direct member is null. */
    @SuppressWarnings("unchecked") // JSON object names are text
    public Map<String, Object> values(String name, Map<String, Object> absent) {
        return (Map<String, Object>) Objects.requireNonNullElse(value(name, Map.class), absent);
    }

    /** Returns a text, number or boolean, or null. */
    public @Nullable Object scalar(String name) {
        return properties.get(name);
    }

    /** Returns an object, which has no properties if it is absent. */
    public StoredDocument object(String name) {
        @Nullable Map<?, ?> object = value(name, Map.class);
        return object == null ? inner() : inner(object);
    }

    /** Returns the objects of a required array, in their order. */
    public List<StoredDocument> objects(String name) {
        required(name, value(name, List.class));
        return objectsOrNone(name);
    }

    /** Returns the objects of an array, in their order; none if the property is absent. */
    public List<StoredDocument> objectsOrNone(String name) {
        List<StoredDocument> objects = new ArrayList<>();
        for (Object each : Objects.requireNonNullElse(value(name, List.class), List.of())) {
            objects.add(inner((Map<?, ?>) each));
        }
        return objects;
    }

    /** Returns a property of this type; null if it is absent or null. */
    private <T> @Nullable T value(String name, Class<T> type) {
        @Nullable Object value = properties.get(name);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalStateException(
                    "A stored " + kind + " has a value of " + name + " that is not a " + type.getSimpleName());
        }
        return type.cast(value);
    }

    private <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("A stored " + kind + " has no " + name);
        }
        return value;
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private StoredDocument inner(Map<?, ?> object) {
        return new StoredDocument(kind, (Map<String, @Nullable Object>) object);
    }
}
