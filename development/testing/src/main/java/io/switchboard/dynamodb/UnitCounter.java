package io.switchboard.dynamodb;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * A client that adds up the units of the requests that it passes on, from the items in the table: it reads each item
 * before and after a write. DynamoDB Local reports other figures for transactions. A request that fails costs the units
 * of the items that it found. Not thread-safe, and no other client may write at the same time.
 */
public final class UnitCounter implements DynamoDbClient {
    private static final int UNITS_OF_A_TRANSACTION = 2;

    private final DynamoDbClient client;
    private final Map<String, TableDescription> tables = new HashMap<>();
    private Units units = Units.NONE;

    /** Passes requests on to this client. */
    public UnitCounter(DynamoDbClient client) {
        this.client = client;
    }

    /**
     * The units of some requests.
     *
     * @param writes the write units of tables
     * @param indexWrites the write units of indexes
     * @param reads the read units
     * @param roundTrips the number of requests
     */
    public record Units(int writes, int indexWrites, double reads, int roundTrips) {
        static final Units NONE = new Units(0, 0, 0, 0);

        private Units plus(Units other) {
            return new Units(
                    writes + other.writes,
                    indexWrites + other.indexWrites,
                    reads + other.reads,
                    roundTrips + other.roundTrips);
        }
    }

    /** Returns the units of the requests of an operation. */
    public Units of(Runnable operation) {
        units = Units.NONE;
        operation.run();
        return units;
    }

    // ---- writes

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest request) {
        return write(List.of(new Place(request.tableName(), request.key())), 1, () -> client.updateItem(request));
    }

    @Override
    public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
        return write(
                request.transactItems().stream().map(this::place).toList(),
                UNITS_OF_A_TRANSACTION,
                () -> client.transactWriteItems(request));
    }

    /** The place of an item: its table and its key. */
    private record Place(String table, Map<String, AttributeValue> key) {}

    private Place place(TransactWriteItem part) {
        if (part.put() != null) {
            Map<String, AttributeValue> key = new HashMap<>(part.put().item());
            key.keySet().retainAll(names(table(part.put().tableName()).keySchema()));
            return new Place(part.put().tableName(), key);
        }
        if (part.update() != null) {
            return new Place(part.update().tableName(), part.update().key());
        }
        return part.delete() != null
                ? new Place(part.delete().tableName(), part.delete().key())
                : new Place(
                        part.conditionCheck().tableName(), part.conditionCheck().key());
    }

    private <T> T write(List<Place> places, int factor, Supplier<T> request) {
        List<Map<String, AttributeValue>> before =
                places.stream().map(this::item).toList();
        try {
            return request.get();
        } finally {
            int writes = 0;
            int indexWrites = 0;
            for (int i = 0; i < places.size(); i++) {
                Map<String, AttributeValue> after = item(places.get(i));
                writes += factor * Math.max(ItemSize.writeUnits(before.get(i)), ItemSize.writeUnits(after));
                for (GlobalSecondaryIndexDescription index :
                        table(places.get(i).table()).globalSecondaryIndexes()) {
                    indexWrites += indexUnits(places.get(i).table(), index, before.get(i), after);
                }
            }
            units = units.plus(new Units(writes, indexWrites, 0, 1));
        }
    }

    private int indexUnits(
            String table,
            GlobalSecondaryIndexDescription index,
            Map<String, AttributeValue> before,
            Map<String, AttributeValue> after) {
        Map<String, AttributeValue> old = entry(table, index, before);
        Map<String, AttributeValue> now = entry(table, index, after);
        if (old.equals(now)) {
            return 0;
        }
        boolean isMoved = names(index.keySchema()).stream()
                .anyMatch(name -> !old.getOrDefault(name, AttributeValue.fromNul(true))
                        .equals(now.getOrDefault(name, AttributeValue.fromNul(true))));
        int oldUnits = old.isEmpty() ? 0 : ItemSize.writeUnits(old);
        int newUnits = now.isEmpty() ? 0 : ItemSize.writeUnits(now);
        // An entry with another key is deleted and put.
        return isMoved ? oldUnits + newUnits : Math.max(oldUnits, newUnits);
    }

    /** Returns the entry of an item in an index; empty if it has none. */
    private Map<String, AttributeValue> entry(
            String table, GlobalSecondaryIndexDescription index, Map<String, AttributeValue> item) {
        if (!item.keySet().containsAll(names(index.keySchema()))) {
            return Map.of();
        }
        Map<String, AttributeValue> entry = new HashMap<>(item);
        if (index.projection().projectionType() != ProjectionType.ALL) {
            List<String> projected = new ArrayList<>(names(index.keySchema()));
            projected.addAll(names(table(table).keySchema()));
            projected.addAll(index.projection().nonKeyAttributes());
            entry.keySet().retainAll(projected);
        }
        return entry;
    }

    // ---- reads

    @Override
    public GetItemResponse getItem(GetItemRequest request) {
        GetItemResponse response = client.getItem(request);
        read(ItemSize.readUnits(ItemSize.of(response.item())), request.consistentRead());
        return response;
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
        BatchGetItemResponse response = client.batchGetItem(request);
        units = units.plus(new Units(0, 0, 0, 1));
        request.requestItems().forEach((table, requested) -> {
            int missing = requested.keys().size();
            double reads = 0;
            for (Map<String, AttributeValue> item : response.responses().getOrDefault(table, List.of())) {
                reads += ItemSize.readUnits(ItemSize.of(item));
                missing--;
            }
            // A missing item costs as much as a small one.
            reads += missing;
            units = units.plus(new Units(0, 0, requested.consistentRead() ? reads : reads / 2, 0));
        });
        return response;
    }

    @Override
    public QueryResponse query(QueryRequest request) {
        if (request.projectionExpression() != null || request.select() == Select.COUNT) {
            throw new IllegalArgumentException("The response has only parts of the items that the query reads");
        }
        QueryResponse response = client.query(request);
        int bytes = response.items().stream().mapToInt(ItemSize::of).sum();
        read(ItemSize.readUnits(bytes), request.consistentRead());
        return response;
    }

    private void read(int consistent, Boolean isConsistent) {
        units = units.plus(new Units(0, 0, Boolean.TRUE.equals(isConsistent) ? consistent : consistent / 2.0, 1));
    }

    // ---- tables

    private Map<String, AttributeValue> item(Place place) {
        return apart(() -> client.getItem(
                        get -> get.tableName(place.table()).key(place.key()).consistentRead(true))
                .item());
    }

    private TableDescription table(String name) {
        return tables.computeIfAbsent(
                name,
                any -> apart(() -> client.describeTable(describe -> describe.tableName(name))
                        .table()));
    }

    /**
     * Runs a request of the counter on another thread, where no function serves a request. {@code DynamoDbAccess} would
     * otherwise record it as an operation of the function.
     */
    private static <T> T apart(Supplier<T> request) {
        return CompletableFuture.supplyAsync(request).join();
    }

    private static List<String> names(List<KeySchemaElement> keys) {
        return keys.stream().map(KeySchemaElement::attributeName).toList();
    }

    @Override
    public String serviceName() {
        return client.serviceName();
    }

    @Override
    public void close() {
        client.close();
    }
}
