package io.switchboard.json;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that this product stores and reads again, or an object inside of it. See {@code docs/decisions/0031-stored-documents.md}.
 *
 * <p>The outermost one has a schema number. A property that has its usual value is left out. Documents from before schema numbers
 * have no number and leave nothing out. Not thread-safe.
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
     * A document to be written.
     *
     * @param kind what the document holds, for messages
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
                    "A stored " + kind + " has a schema that is not known: the newest one that is known is " + newest);
        }
        return document;
    }

    /** An object to be put into this one. */
    public StoredDocument inner() {
        return new StoredDocument(kind, new LinkedHashMap<>());
    }

    /** Sets a property. */
    public StoredDocument put(String name, @Nullable Object value) {
        properties.put(name, value);
        return this;
    }

    /** Sets a property, or leaves it out if it has its usual value: reading it takes the same usual value. */
    public StoredDocument put(String name, @Nullable Object value, @Nullable Object usual) {
        return Objects.equals(value, usual) ? this : put(name, value);
    }

    /** Sets a property to an object, or leaves it out if the object has no properties. */
    public StoredDocument putObject(String name, StoredDocument inner) {
        return inner.properties.isEmpty() ? this : put(name, inner.properties);
    }

    /** Sets a property to an array of objects, or leaves it out if there are none. */
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

    /** The document as text. */
    public String write() {
        return Json.write(properties);
    }

    /** A text that is always there. */
    public String text(String name) {
        return required(name, textOrNull(name));
    }

    /** A text, or the usual one. */
    public String text(String name, String usual) {
        return Objects.requireNonNullElse(textOrNull(name), usual);
    }

    /** A text or null. */
    public @Nullable String textOrNull(String name) {
        return value(name, String.class);
    }

    /** A text or null, or what is usual. */
    public @Nullable String textOrNull(String name, @Nullable String usual) {
        return properties.containsKey(name) ? textOrNull(name) : usual;
    }

    /** A whole number, or the usual one. */
    public long number(String name, long usual) {
        @Nullable Number number = value(name, Number.class);
        return number == null ? usual : number.longValue();
    }

    /** True or false, or the usual one of them. */
    public boolean truth(String name, boolean usual) {
        return Objects.requireNonNullElse(value(name, Boolean.class), usual);
    }

    /** One of the named values that is always there. */
    public <T> T oneOf(String name, Map<String, T> values) {
        return named(name, text(name), values);
    }

    /** One of the named values, or the usual one. */
    public <T> T oneOf(String name, Map<String, T> values, T usual) {
        @Nullable String text = textOrNull(name);
        return text == null ? usual : named(name, text, values);
    }

    private <T> T named(String name, String text, Map<String, T> values) {
        return required(name + " that is known", values.get(text));
    }

    /** A time that is always there. */
    public Instant instant(String name) {
        return Instant.parse(text(name));
    }

    /** A time, or the usual one. */
    public Instant instant(String name, Instant usual) {
        return Objects.requireNonNullElse(instantOrNull(name), usual);
    }

    /** A time, or null. */
    public @Nullable Instant instantOrNull(String name) {
        @Nullable String text = textOrNull(name);
        return text == null ? null : Instant.parse(text);
    }

    /** Texts in their order; none if the property was left out. */
    @SuppressWarnings("unchecked") // only texts are put there
    public List<String> texts(String name) {
        return (List<String>) Objects.requireNonNullElse(value(name, List.class), List.of());
    }

    /** Any JSON by name, or what is usual. No member of the object itself is null. */
    @SuppressWarnings("unchecked") // JSON object names are text
    public Map<String, Object> values(String name, Map<String, Object> usual) {
        return (Map<String, Object>) Objects.requireNonNullElse(value(name, Map.class), usual);
    }

    /** A text, number or boolean, or null. */
    public @Nullable Object scalar(String name) {
        return properties.get(name);
    }

    /** An object; one without properties if it was left out. */
    public StoredDocument object(String name) {
        @Nullable Map<?, ?> object = value(name, Map.class);
        return object == null ? inner() : inner(object);
    }

    /** Objects in their order, in an array that is always there. */
    public List<StoredDocument> objects(String name) {
        required(name, value(name, List.class));
        return objectsOrNone(name);
    }

    /** Objects in their order; none if the property was left out. */
    public List<StoredDocument> objectsOrNone(String name) {
        List<StoredDocument> objects = new ArrayList<>();
        for (Object each : Objects.requireNonNullElse(value(name, List.class), List.of())) {
            objects.add(inner((Map<?, ?>) each));
        }
        return objects;
    }

    /** A property of this type; null if it was left out or is null. */
    private <T> @Nullable T value(String name, Class<T> type) {
        @Nullable Object value = properties.get(name);
        if (value != null && !type.isInstance(value)) {
            throw new IllegalStateException(
                    "A stored " + kind + " has something else than a " + type.getSimpleName() + " as " + name);
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
