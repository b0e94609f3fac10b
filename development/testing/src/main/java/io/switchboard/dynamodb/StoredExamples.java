package io.switchboard.dynamodb;

import io.switchboard.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Documents and items that a release has stored, from a committed file: {@code {"documents": {"name": {…}}, "items":
 * {"key": {"attribute": {"S": "…"}}}}}. Items are named by their key. Their {@code writeId}, which differs each time,
 * is replaced by {@code write}.
 */
public final class StoredExamples {
    private final Map<String, @Nullable Object> file;

    private StoredExamples(Map<String, @Nullable Object> file) {
        this.file = file;
    }

    /** Returns the examples of a file in the resource folder {@code /stored/}. */
    public static StoredExamples of(String name) {
        try (@Nullable InputStream stream = StoredExamples.class.getResourceAsStream("/stored/" + name)) {
            return new StoredExamples(Json.readOwn(
                    new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the documents by name, as compact JSON. */
    public Map<String, String> documents() {
        Map<String, String> documents = new LinkedHashMap<>();
        members("documents").forEach((name, document) -> documents.put(name, Json.write(document)));
        return documents;
    }

    /** Returns the items by key, in DynamoDB's JSON, which the images of a stream use. */
    public Map<String, Map<String, @Nullable Object>> images() {
        Map<String, Map<String, @Nullable Object>> images = new LinkedHashMap<>();
        members("items").forEach((key, item) -> images.put(key, object(item)));
        return images;
    }

    /** Returns the items by key, as the client returns them. */
    public Map<String, Map<String, AttributeValue>> items() {
        Map<String, Map<String, AttributeValue>> items = new LinkedHashMap<>();
        images().forEach((key, image) -> {
            Map<String, AttributeValue> item = new LinkedHashMap<>();
            image.forEach((name, value) -> item.put(name, attribute(object(value))));
            items.put(key, item);
        });
        return items;
    }

    /**
     * Returns the items of a table, in the form of {@link #images}.
     *
     * @param partition the name of the partition key; the sort key is {@code key}
     */
    public static Map<String, Map<String, @Nullable Object>> images(
            DynamoDbClient client, String table, String partition) {
        Map<String, Map<String, @Nullable Object>> images = new TreeMap<>();
        for (Map<String, AttributeValue> item : client.scanPaginator(
                        scan -> scan.tableName(table).consistentRead(true))
                .items()) {
            Map<String, @Nullable Object> image = new TreeMap<>();
            item.forEach((name, value) ->
                    image.put(name, name.equals(DynamoDb.WRITE_ID) ? Map.of("S", "write") : json(value)));
            images.put(text(item, partition) + " " + text(item, "key"), image);
        }
        return images;
    }

    private Map<String, @Nullable Object> members(String name) {
        return object(file.get(name));
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private static Map<String, @Nullable Object> object(@Nullable Object value) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(value);
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name)).s();
    }

    private static AttributeValue attribute(Map<String, @Nullable Object> json) {
        var only = json.entrySet().iterator().next();
        return switch (only.getKey()) {
            case "S" -> AttributeValue.fromS(String.valueOf(only.getValue()));
            case "N" -> AttributeValue.fromN(String.valueOf(only.getValue()));
            case "SS" -> AttributeValue.fromSs(texts(only.getValue()));
            case "B" ->
                AttributeValue.fromB(
                        SdkBytes.fromByteArray(Base64.getDecoder().decode(String.valueOf(only.getValue()))));
            case "L" -> {
                List<AttributeValue> elements = new ArrayList<>();
                for (Object element : (List<?>) Objects.requireNonNull(only.getValue())) {
                    elements.add(attribute(object(element)));
                }
                yield AttributeValue.fromL(elements);
            }
            case "M" -> {
                Map<String, AttributeValue> map = new LinkedHashMap<>();
                object(only.getValue()).forEach((name, value) -> map.put(name, attribute(object(value))));
                yield AttributeValue.fromM(map);
            }
            case "BOOL" -> AttributeValue.fromBool((Boolean) only.getValue());
            default ->
                throw new IllegalStateException("Examples must not have an attribute of the type " + only.getKey());
        };
    }

    private static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        for (Object element : (List<?>) Objects.requireNonNull(value)) {
            texts.add(String.valueOf(element));
        }
        return texts;
    }

    private static Map<String, Object> json(AttributeValue value) {
        return switch (value.type()) {
            case S -> Map.of("S", value.s());
            case N -> Map.of("N", value.n());
            case SS -> Map.of("SS", value.ss().stream().sorted().toList());
            case B -> Map.of("B", Base64.getEncoder().encodeToString(value.b().asByteArray()));
            case L -> Map.of("L", value.l().stream().map(StoredExamples::json).toList());
            case M -> {
                Map<String, Object> map = new TreeMap<>();
                value.m().forEach((name, inner) -> map.put(name, json(inner)));
                yield Map.of("M", map);
            }
            case BOOL -> Map.of("BOOL", value.bool());
            default ->
                throw new IllegalStateException("Examples must not have an attribute of the type " + value.type());
        };
    }
}
