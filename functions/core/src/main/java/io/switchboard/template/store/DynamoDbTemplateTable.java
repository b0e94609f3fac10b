package io.switchboard.template.store;

import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.template.store.DynamoDbTemplateItems.KEY;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reads of the Templates table, within the partition of a tenant. Thread-safe. */
final class DynamoDbTemplateTable {
    /** How many keys DynamoDB takes in one batch. */
    static final int BATCH = 100;

    /** Behind a position, and in the range of one prefix. */
    private static final String IN_RANGE = "#tenant = :tenant AND #key BETWEEN :from AND :to";

    /** Below and above every character of a key, all of which are ASCII and visible. */
    private static final String BELOW = " ";

    private static final String ABOVE = "\u007F";

    private final DynamoDb dynamoDb;
    private final String name;

    DynamoDbTemplateTable(DynamoDb dynamoDb, String name) {
        this.dynamoDb = dynamoDb;
        this.name = name;
    }

    String name() {
        return name;
    }

    @Nullable
    Map<String, AttributeValue> item(String tenant, String sortKey) {
        return dynamoDb.get(name, DynamoDbTemplateItems.key(tenant, sortKey));
    }

    /**
     * Items by their sort keys, as far as they exist.
     *
     * @param sortKeys each once: DynamoDB refuses a batch that names an item twice
     */
    Map<String, Map<String, AttributeValue>> items(String tenant, Collection<String> sortKeys) {
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String sortKey : sortKeys) {
            keys.add(DynamoDbTemplateItems.key(tenant, sortKey));
        }
        for (int from = 0; from < keys.size(); from += BATCH) {
            for (Map<String, AttributeValue> item :
                    dynamoDb.getAll(name, keys.subList(from, Math.min(keys.size(), from + BATCH)))) {
                items.put(textOf(item, KEY), item);
            }
        }
        return items;
    }

    /**
     * Items of a prefix, in the order of their keys. With a start key instead of a range, DynamoDB Local takes longer for a page the
     * more lies before it: after 60,000 templates six times as long as for the first. DynamoDB itself seeks either way.
     *
     * @param after the rest of the key to begin behind; null or empty for the first page
     */
    Page<Map<String, AttributeValue>> page(String tenant, String prefix, @Nullable String after, int size) {
        String from = after == null || after.isEmpty() ? prefix : prefix + after + BELOW;
        String to = prefix + ABOVE;
        // A position that was not issued may lie behind the range: DynamoDB refuses a range that ends before it begins.
        String end = from.compareTo(to) > 0 ? from : to;
        return page(
                dynamoDb.query(
                        name,
                        IN_RANGE,
                        Map.of("tenant", text(Keys.join(tenant)), "from", text(from), "to", text(end)),
                        null,
                        size),
                prefix);
    }

    /** The same from the last key on, backwards. */
    Page<Map<String, AttributeValue>> pageBackwards(String tenant, String prefix, @Nullable String after, int size) {
        return page(
                dynamoDb.queryBackwards(
                        name,
                        "#tenant = :tenant AND begins_with(#key, :prefix)",
                        Map.of("tenant", text(Keys.join(tenant)), "prefix", text(prefix)),
                        after == null || after.isEmpty() ? null : DynamoDbTemplateItems.key(tenant, prefix + after),
                        size),
                prefix);
    }

    private static Page<Map<String, AttributeValue>> page(QueryResponse found, String prefix) {
        return new Page<>(
                found.items(),
                found.hasLastEvaluatedKey()
                        ? textOf(found.lastEvaluatedKey(), KEY).substring(prefix.length())
                        : null);
    }

    static <T> Page<T> map(Page<Map<String, AttributeValue>> page, Function<Map<String, AttributeValue>, T> value) {
        return new Page<>(page.items().stream().map(value).toList(), page.next());
    }
}
