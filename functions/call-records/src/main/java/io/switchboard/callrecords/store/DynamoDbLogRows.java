package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.IN_RANGE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.isExpired;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.length;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.callrecords.store.DynamoDbLogRowItems.Packed;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Stores rows of logs in the CallRecords table. {@link DynamoDbLogRowItems} has its items. Thread-safe. */
public final class DynamoDbLogRows implements LogRowStore {
    /** The most keys that DynamoDB accepts in one batch, and the most writes in a transaction. */
    private static final int BATCH = 100;
    /** The writes of a new row: the item of its time, and that of its id. */
    private static final int WRITES_OF_A_NEW_ROW = 2;
    /** The most writes of one row: a row that moves is also deleted at its earlier time. */
    private static final int MOST_WRITES = 3;
    /** The largest transaction, in bytes; below DynamoDB's limit of 4 MB. */
    private static final int LARGEST = 3_500_000;
    /** The largest size of a row's keys and other attributes, in bytes. */
    private static final int OVERHEAD = 8_192;
    /** The size at which a page ends early, in bytes of JSON. */
    private static final int MAXIMUM_BYTES = 4 * 1_024 * 1_024;
    /** How many rows a query reads beyond the average, because the partitions are not equally full. */
    private static final int MARGIN = 8;

    private final DynamoDb dynamoDb;
    private final String table;
    private final RecordLimits limits;

    /** Uses the CallRecords table with this name. */
    public DynamoDbLogRows(DynamoDb dynamoDb, String table, RecordLimits limits) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.limits = limits;
    }

    // ---- writing

    @Override
    public LogRowCounts put(String tenant, LogRowKind kind, List<LogRow> rows, Instant now) {
        Storing storing = new Storing(tenant, kind, now);
        rows.forEach(storing::add);
        return WriteLoop.until("rows of a log kept changing", storing::attempt);
    }

    /** The rows of one request that are not stored yet. Not thread-safe. */
    private final class Storing {
        private final String tenant;
        private final LogRowKind kind;
        private final Instant now;
        private final @Nullable Instant expiresAt;
        private final Map<String, Packed> open = new LinkedHashMap<>();
        private int created;
        private int replaced;
        private int unchanged;

        Storing(String tenant, LogRowKind kind, Instant now) {
            this.tenant = tenant;
            this.kind = kind;
            this.now = now;
            this.expiresAt = limits.retention().isZero() ? null : now.plus(limits.retention());
        }

        /** Adds a row; it takes the place of an earlier one with the same id. */
        void add(LogRow row) {
            Packed packed = new Packed(kind, row);
            @Nullable Packed earlier = open.put(row.id(), packed);
            if (earlier != null) {
                if (earlier.equalsRow(packed)) {
                    unchanged++;
                } else {
                    replaced++;
                }
            }
        }

        /** Stores the open rows, unless other requests change them first; null if rows are still open. */
        @Nullable
        LogRowCounts attempt() {
            Map<String, Map<String, AttributeValue>> found = found();
            Group group = new Group();
            for (Packed each : List.copyOf(open.values())) {
                @Nullable Map<String, AttributeValue> item = found.get(each.id());
                boolean isNew = item == null || isExpired(item, now);
                if (item != null && !isNew && each.equalsRow(item)) {
                    unchanged++;
                    open.remove(each.id());
                    continue;
                }
                if (!group.hasRoom(each, isNew)) {
                    group.write();
                    group = new Group();
                }
                group.add(each, item, isNew);
            }
            group.write();
            return open.isEmpty() ? new LogRowCounts(created, replaced, unchanged) : null;
        }

        /** Returns the items of the ids of the open rows. */
        private Map<String, Map<String, AttributeValue>> found() {
            List<String> ids = List.copyOf(open.keySet());
            Map<String, Map<String, AttributeValue>> found = new HashMap<>();
            for (int from = 0; from < ids.size(); from += BATCH) {
                List<Map<String, AttributeValue>> keys = new ArrayList<>();
                for (String id : ids.subList(from, Math.min(ids.size(), from + BATCH))) {
                    keys.add(DynamoDbLogRowItems.keyOfId(tenant, kind, id));
                }
                for (Map<String, AttributeValue> item : dynamoDb.getAll(table, keys)) {
                    found.put(DynamoDbLogRowItems.idOf(item), item);
                }
            }
            return found;
        }

        /** Rows that are stored in one transaction. Not thread-safe. */
        private final class Group {
            private final String writeId = DynamoDb.newWriteId();
            private final List<Write> writes = new ArrayList<>();
            private final List<String> ids = new ArrayList<>();
            private int bytes;
            private int newRows;

            boolean hasRoom(Packed row, boolean isNew) {
                return writes.size() + (isNew ? WRITES_OF_A_NEW_ROW : MOST_WRITES) <= BATCH
                        && bytes + row.length() + OVERHEAD <= LARGEST;
            }

            void add(Packed row, @Nullable Map<String, AttributeValue> found, boolean isNew) {
                writes.addAll(DynamoDbLogRowItems.put(table, tenant, kind, row, found, expiresAt, writeId, now));
                ids.add(row.id());
                bytes += row.length() + OVERHEAD;
                newRows += isNew ? 1 : 0;
            }

            /** Stores the rows; if another request has changed one of them, they all stay open. */
            void write() {
                if (!writes.isEmpty() && dynamoDb.write(writeId, writes) instanceof WriteOutcome.Written) {
                    ids.forEach(open::remove);
                    created += newRows;
                    replaced += ids.size() - newRows;
                }
            }
        }
    }

    // ---- reading

    @Override
    public Page<LogRow> list(LogRowRange range, PageRequest page, Instant now) {
        List<Cursor> cursors = new ArrayList<>();
        for (int shard = 0; shard < DynamoDbLogRowItems.SHARDS; shard++) {
            cursors.add(new Cursor(range, shard, page.after(), now));
        }
        List<LogRow> rows = new ArrayList<>();
        long bytes = 0;
        @Nullable String last = null;
        while (true) {
            // One more than requested shows whether there is a next page.
            @Nullable Cursor next = next(cursors, page.size() + 1 - rows.size());
            if (next == null) {
                return new Page<>(rows, null);
            }
            Map<String, AttributeValue> item = next.items.removeFirst();
            bytes += length(item);
            if (last != null && (rows.size() == page.size() || bytes > MAXIMUM_BYTES)) {
                return new Page<>(rows, last);
            }
            rows.add(DynamoDbLogRowItems.row(item));
            last = textOf(item, KEY);
        }
    }

    /** Returns the partition with the next row; null if there is none. */
    private static @Nullable Cursor next(List<Cursor> cursors, int wanted) {
        @Nullable Cursor first = null;
        for (Cursor each : cursors) {
            each.fill(wanted / DynamoDbLogRowItems.SHARDS + MARGIN);
            if (!each.items.isEmpty() && (first == null || each.position().compareTo(first.position()) < 0)) {
                first = each;
            }
        }
        return first;
    }

    /** The rows of one partition that were read and not yet returned. Not thread-safe. */
    private final class Cursor {
        private final String partition;
        private final Instant now;
        private final String to;
        private final Deque<Map<String, AttributeValue>> items = new ArrayDeque<>();
        private String from;
        private boolean isAtEnd;

        Cursor(LogRowRange range, int shard, @Nullable String after, Instant now) {
            this.partition = DynamoDbLogRowItems.partition(range.tenant(), range.kind(), shard);
            this.now = now;
            this.from = DynamoDbLogRowItems.from(range, after);
            this.to = DynamoDbLogRowItems.to(range);
        }

        String position() {
            return textOf(items.getFirst(), KEY);
        }

        /** Reads rows until there is one, or the partition ends. */
        void fill(int limit) {
            while (items.isEmpty() && !isAtEnd && from.compareTo(to) <= 0) {
                QueryResponse response = dynamoDb.query(table, IN_RANGE, values(partition, from, to), null, limit);
                for (Map<String, AttributeValue> item : response.items()) {
                    if (!isExpired(item, now)) {
                        items.add(item);
                    }
                }
                isAtEnd = !response.hasLastEvaluatedKey();
                if (!isAtEnd) {
                    from = textOf(response.lastEvaluatedKey(), KEY) + BELOW;
                }
            }
        }
    }

    @Override
    public long count(LogRowRange range, Instant now) {
        long count = 0;
        for (int shard = 0; shard < DynamoDbLogRowItems.SHARDS; shard++) {
            Cursor all = new Cursor(range, shard, null, now);
            if (all.from.compareTo(all.to) <= 0) {
                Map<String, AttributeValue> values = values(all.partition, all.from, all.to);
                values.put("now", seconds(now));
                count += dynamoDb.count(table, IN_RANGE, DynamoDbCallRecordTable.IS_UNEXPIRED, values);
            }
        }
        return count;
    }

    private static Map<String, AttributeValue> values(String partition, String from, String to) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put("record", text(partition));
        values.put("from", text(from));
        values.put("to", text(to));
        return values;
    }
}
