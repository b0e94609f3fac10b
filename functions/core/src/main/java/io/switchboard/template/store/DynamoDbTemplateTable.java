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

/** Reads items of the Templates table within the partition of a tenant. Thread-safe. */
final class DynamoDbTemplateTable {
    /** The most keys of one batch in DynamoDB. */
    static final int BATCH = 100;

    /** The condition for keys after a position within the range of a prefix. */
    private static final String IN_RANGE = "#tenant = :tenant AND #key BETWEEN :from AND :to";

    /** Sorts before and after every character of a key; keys contain only visible ASCII characters. */
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
     * Returns the existing items by sort key.
     *
     * @param sortKeys distinct keys, because DynamoDB rejects a batch with a duplicate key
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
     * Returns items of a prefix in the order of their keys. Uses a range instead of a start key, because with a start
     * key DynamoDB Local needs more time for later pages: after 60,000 templates six times as long as for the first
     * page. DynamoDB does not.
     *
     * @param after the rest of the key after which the page begins; null or empty for the first page
     */
    Page<Map<String, AttributeValue>> page(String tenant, String prefix, @Nullable String after, int size) {
        String from = after == null || after.isEmpty() ? prefix : prefix + after + BELOW;
        String to = prefix + ABOVE;
        // A forged position can be after the range, and DynamoDB rejects a range that ends before it begins.
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

    /** Returns items of a prefix in the reverse order of their keys. */
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
