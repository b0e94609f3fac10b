package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.isLiving;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.record;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.changedIn;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.length;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordKey;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordOf;

import io.switchboard.callrecords.store.ChangesPosition.Following;
import io.switchboard.callrecords.store.ChangesPosition.Listing;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the changes of call records. A new reader lists all records by start, because records that earlier releases
 * stored have no place in the index of changes. Then it follows that index from a little before it began. Thread-safe.
 */
final class DynamoDbRecordChanges implements CallRecordChanges {
    /** The most keys that DynamoDB accepts in one batch. */
    private static final int BATCH = 100;
    /** The size at which a page ends early, in bytes of JSON. */
    private static final int MAXIMUM_BYTES = 4 * 1_024 * 1_024;

    private final DynamoDb dynamoDb;
    private final String table;
    private final IndexShards shards;
    private final DynamoDbCallRecordList list;

    DynamoDbRecordChanges(DynamoDb dynamoDb, String table, IndexShards shards, DynamoDbCallRecordList list) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.shards = shards;
        this.list = list;
    }

    @Override
    public ChangesPage changes(String tenant, ChangesPosition after, int size, Instant now) {
        int most = Math.min(BATCH, size);
        return switch (after) {
            case Listing listing -> listed(tenant, listing, most, now);
            case Following following -> followed(tenant, following, most, now);
        };
    }

    private ChangesPage listed(String tenant, Listing listing, int size, Instant now) {
        Page<CallRecord> page = list.page(
                tenant, CallRecordFilter.ALL, ListOrder.BY_START, new PageRequest(listing.after(), size), now);
        List<ChangedRecord> changes = new ArrayList<>();
        page.items().forEach(record -> changes.add(new ChangedRecord(record.key(), record)));
        return page.next() == null
                ? new ChangesPage(changes, Following.since(listing.began()), true)
                : new ChangesPage(changes, new Listing(listing.began(), page.next()), false);
    }

    private ChangesPage followed(String tenant, Following following, int size, Instant now) {
        String end = ChangePlace.after(now.minus(BEHIND));
        String from = ChangePlace.next(following.place());
        if (from.compareTo(end) > 0) {
            return new ChangesPage(List.of(), following, true);
        }
        DynamoDbIndexWalk walk =
                new DynamoDbIndexWalk(dynamoDb, table, DynamoDbIndex.CHANGED, SortDirection.ASCENDING, size, now);
        for (int shard = 0; shard < shards.count(); shard++) {
            walk.addPartition(changedIn(tenant, shard), from, end, shards.share(size));
        }
        DynamoDbIndexWalk.Walked walked = walk.go();
        Map<CallRecordKey, Map<String, AttributeValue>> items = items(walked.entries());
        Set<CallRecordKey> shown = new LinkedHashSet<>();
        List<ChangedRecord> changes = new ArrayList<>();
        long bytes = 0;
        @Nullable String last = null;
        for (DynamoDbIndexEntry entry : walked.entries()) {
            Map<String, AttributeValue> item = items.getOrDefault(entry.record(), Map.of());
            bytes += length(item);
            if (last != null && bytes > MAXIMUM_BYTES) {
                return new ChangesPage(changes, new Following(following.known(), last), false);
            }
            last = entry.place();
            // The index may still have an earlier place of the record too.
            if (shown.add(entry.record())) {
                changes.add(
                        new ChangedRecord(entry.record(), isLiving(item, now) ? record(entry.record(), item) : null));
            }
        }
        return walked.next() == null
                ? new ChangesPage(changes, Following.since(now), true)
                : new ChangesPage(changes, new Following(following.known(), walked.next()), false);
    }

    private Map<CallRecordKey, Map<String, AttributeValue>> items(List<DynamoDbIndexEntry> entries) {
        Set<Map<String, AttributeValue>> keys = new LinkedHashSet<>();
        entries.forEach(entry -> keys.add(recordKey(entry.record())));
        Map<CallRecordKey, Map<String, AttributeValue>> items = new HashMap<>();
        for (Map<String, AttributeValue> item : dynamoDb.getAll(table, List.copyOf(keys))) {
            items.put(recordOf(item), item);
        }
        return items;
    }
}
