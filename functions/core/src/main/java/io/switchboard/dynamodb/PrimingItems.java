package io.switchboard.dynamodb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonNodeParser;

/**
 * The items that a function writes while it is primed, in memory. Later requests of the priming read them, so that the
 * code of reads runs as well. It evaluates no condition, and of update expressions only the forms that the stores use.
 * Thread-safe.
 */
final class PrimingItems {
    /** The key attributes of the tables of {@code template.yaml}. */
    private static final Set<String> KEYS = Set.of("tenant", "owner", "record", "key");

    /** The most items of a table; older ones are forgotten. */
    private static final int MOST = 100;

    /**
     * A change of an attribute: {@code #a = :a} sets it, {@code #a = if_not_exists(#a, :a)} sets it if it is absent,
     * and {@code #a = list_append(if_not_exists(#a, :b), :c)} and {@code ADD #a :a} add to it.
     */
    private static final Pattern CHANGE = Pattern.compile(
            "#(?<name>\\w+) (?<equals>= (?:(?<function>\\w+)\\((?:if_not_exists\\(#\\w+, :\\w+\\), |#\\w+, ))?)?(?<value>:\\w+)");

    /** The range of a sort key in the condition of a query. */
    private static final Pattern RANGE = Pattern.compile("#(?<name>\\w+) BETWEEN (?<from>:\\w+) AND (?<to>:\\w+)");

    private static final String TEXT = "S";

    private final JsonNodeParser parser = JsonNode.parser();
    private final Map<String, Map<String, Map<String, JsonNode>>> tables = new HashMap<>();

    /**
     * Performs an operation of DynamoDB.
     *
     * @param operation such as {@code GetItem}
     * @param body the request in JSON
     * @return the response in JSON
     */
    synchronized String perform(String operation, String body) {
        Map<String, JsonNode> request = parser.parse(body).asObject();
        return switch (operation) {
            case "TransactWriteItems" -> {
                for (JsonNode part : node(request, "TransactItems").asArray()) {
                    part.asObject().forEach((kind, write) -> write(kind, write.asObject()));
                }
                yield "{}";
            }
            case "UpdateItem" -> {
                @Nullable Map<String, JsonNode> before = items(request).get(id(node(request, "Key")));
                write("Update", request);
                yield before == null ? "{}" : "{\"Attributes\":" + json(before) + "}";
            }
            case "GetItem" -> {
                @Nullable Map<String, JsonNode> item = items(request).get(id(node(request, "Key")));
                yield item == null ? "{}" : "{\"Item\":" + json(item) + "}";
            }
            case "BatchGetItem" -> batch(node(request, "RequestItems").asObject());
            case "Query" -> query(request);
            default -> "{}";
        };
    }

    private String batch(Map<String, JsonNode> requested) {
        StringBuilder responses = new StringBuilder();
        for (var table : requested.entrySet()) {
            List<Map<String, JsonNode>> found = new ArrayList<>();
            for (JsonNode key : node(table.getValue().asObject(), "Keys").asArray()) {
                @Nullable Map<String, JsonNode> item = items(table.getKey()).get(id(key));
                if (item != null) {
                    found.add(item);
                }
            }
            responses
                    .append(responses.isEmpty() ? "\"" : ",\"")
                    .append(table.getKey())
                    .append("\":")
                    .append(json(found));
        }
        return "{\"Responses\":{" + responses + "},\"UnprocessedKeys\":{}}";
    }

    /**
     * Returns the items with an attribute that begins with each text of the query, or is in its range, as key
     * conditions require.
     */
    private String query(Map<String, JsonNode> request) {
        List<Map<String, JsonNode>> found = new ArrayList<>();
        Map<String, JsonNode> values =
                new HashMap<>(node(request, "ExpressionAttributeValues").asObject());
        Matcher range = RANGE.matcher(node(request, "KeyConditionExpression").text());
        boolean hasRange = range.find();
        String from = hasRange ? text(values.remove(range.group("from"))) : "";
        String to = hasRange ? text(values.remove(range.group("to"))) : "";
        for (Map<String, JsonNode> item : items(request).values()) {
            String key = hasRange ? text(item.get(range.group("name"))) : "";
            if (key.compareTo(from) >= 0
                    && key.compareTo(to) <= 0
                    && values.values().stream().allMatch(value -> matches(item, value))) {
                found.add(item);
            }
        }
        return "{\"Items\":" + json(found) + ",\"Count\":" + found.size() + ",\"ScannedCount\":" + found.size() + "}";
    }

    /** Returns the text of an attribute; empty if it has none. */
    private static String text(@Nullable JsonNode attribute) {
        @Nullable
        JsonNode text = attribute == null ? null : attribute.asObject().get(TEXT);
        return text == null ? "" : text.text();
    }

    private static boolean matches(Map<String, JsonNode> item, JsonNode value) {
        String prefix = text(value);
        return item.values().stream().anyMatch(attribute -> text(attribute).startsWith(prefix));
    }

    /** @param kind the member of a transaction's part, such as {@code Put} */
    private void write(String kind, Map<String, JsonNode> write) {
        Map<String, Map<String, JsonNode>> items = items(write);
        JsonNode key = node(write, "Key");
        switch (kind) {
            case "Put" -> items.put(id(node(write, "Item")), node(write, "Item").asObject());
            case "Update" -> update(items.computeIfAbsent(id(key), id -> new HashMap<>(key.asObject())), write);
            case "Delete" -> items.remove(id(key));
            default -> {
                // A check changes nothing.
            }
        }
    }

    /** Sets attributes to values, appends to lists, and adds to sets. */
    private void update(Map<String, JsonNode> item, Map<String, JsonNode> write) {
        Map<String, JsonNode> values = node(write, "ExpressionAttributeValues").asObject();
        Matcher changes = CHANGE.matcher(node(write, "UpdateExpression").text());
        while (changes.find()) {
            @Nullable JsonNode value = values.get(changes.group("value"));
            if (value != null) {
                @Nullable String function = changes.group("function");
                boolean replaces = changes.group("equals") != null && function == null;
                boolean keeps = "if_not_exists".equals(function);
                item.merge(
                        changes.group("name"),
                        value,
                        (old, added) -> replaces ? added : keeps ? old : joined(old, added));
            }
        }
    }

    /** Returns a list or a set with the members of both; the added value, if it is neither. */
    private JsonNode joined(JsonNode old, JsonNode added) {
        for (String type : List.of("L", "SS")) {
            @Nullable JsonNode before = old.asObject().get(type);
            @Nullable JsonNode more = added.asObject().get(type);
            if (before != null && more != null) {
                Collection<JsonNode> all = new LinkedHashSet<>(before.asArray());
                all.addAll(more.asArray());
                return parser.parse("{\"" + type + "\":" + all + "}");
            }
        }
        return added;
    }

    private static JsonNode node(Map<String, JsonNode> object, String name) {
        return object.getOrDefault(name, JsonNode.emptyObjectNode());
    }

    private Map<String, Map<String, JsonNode>> items(Map<String, JsonNode> request) {
        return items(node(request, "TableName").text());
    }

    private Map<String, Map<String, JsonNode>> items(String table) {
        return tables.computeIfAbsent(table, name -> new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Map<String, JsonNode>> eldest) {
                return size() > MOST;
            }
        });
    }

    private static String id(JsonNode item) {
        StringBuilder id = new StringBuilder();
        for (String key : KEYS) {
            id.append(item.asObject().get(key)).append('\n');
        }
        return id.toString();
    }

    private static String json(List<Map<String, JsonNode>> items) {
        StringBuilder json = new StringBuilder("[");
        for (Map<String, JsonNode> item : items) {
            json.append(json.length() == 1 ? "" : ",").append(json(item));
        }
        return json.append(']').toString();
    }

    private static String json(Map<String, JsonNode> item) {
        StringBuilder json = new StringBuilder("{");
        for (var attribute : item.entrySet()) {
            json.append(json.length() == 1 ? "\"" : ",\"")
                    .append(attribute.getKey())
                    .append("\":")
                    .append(attribute.getValue());
        }
        return json.append('}').toString();
    }
}
