package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.dynamodb.DynamoDb;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Reads the sources of an index, such as its shards, and merges their entries in order. The position of a walk is a
 * sort key of the index, the same for all sources. So a page in the middle of a list costs as much as the first page.
 * Not thread-safe.
 */
final class DynamoDbIndexWalk {
    /** The most queries of a walk, apart from two for each source; then the walk ends early. */
    private static final int MOST_QUERIES = 20;

    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbIndex index;
    private final SortDirection order;
    private final int most;
    private final Instant now;
    private final List<Source> sources = new ArrayList<>();
    private int queries;

    /** @param most the most entries of the walk */
    DynamoDbIndexWalk(
            DynamoDb dynamoDb, String table, DynamoDbIndex index, SortDirection order, int most, Instant now) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.index = index;
        this.order = order;
        this.most = most;
        this.now = now;
    }

    /** @param next the position after which the walk continues; null at the end */
    record Walked(
            List<DynamoDbIndexEntry> entries, @Nullable String next) {}

    /** Adds a partition of the index to the sources. */
    void addPartition(String partition, String from, String to, int limit) {
        add(new PartitionSource(partition, from, to, limit));
    }

    void add(Source source) {
        sources.add(source);
    }

    boolean isForward() {
        return order == SortDirection.ASCENDING;
    }

    Walked go() {
        List<DynamoDbIndexEntry> entries = new ArrayList<>();
        @Nullable String last = null;
        while (true) {
            @Nullable Source first = first();
            if (first == null) {
                return new Walked(entries, null);
            }
            @Nullable DynamoDbIndexEntry head = first.read.peek();
            if (head == null) {
                if (queries >= MOST_QUERIES + 2 * sources.size()) {
                    return new Walked(entries, first.reached);
                }
                queries++;
                first.hasEnded = !first.fill();
            } else if (head.place().equals(last)) {
                // While the index moves an entry to another partition, both may have it.
                first.read.remove();
            } else if (entries.size() == most) {
                return new Walked(entries, last);
            } else {
                last = head.place();
                entries.add(first.read.remove());
            }
        }
    }

    /** Returns the source whose next entry may come first; null if all have ended. */
    private @Nullable Source first() {
        @Nullable Source first = null;
        for (Source each : sources) {
            if (!each.isEmpty() && (first == null || each.isBefore(first))) {
                first = each;
            }
        }
        return first;
    }

    /** A part of an index, whose entries are read in order. Not thread-safe. */
    abstract static class Source {
        private final DynamoDbIndexWalk walk;
        /** The entries that were read and not yet taken. */
        private final Deque<DynamoDbIndexEntry> read = new ArrayDeque<>();
        /** The first sort key that is still to be read. */
        protected String from;
        /** The last sort key that is still to be read. */
        protected String to;
        /** The position up to which the source was read. */
        private String reached;

        private boolean hasEnded;

        Source(DynamoDbIndexWalk walk, String from, String to) {
            this.walk = walk;
            this.from = from;
            this.to = to;
            this.reached = walk.isForward() ? from : to;
        }

        /**
         * Reads further entries, with at most one query.
         *
         * @return whether more may follow
         */
        abstract boolean fill();

        private boolean isEmpty() {
            return hasEnded && read.isEmpty();
        }

        /** An entry comes before an unread source at the same position. */
        private boolean isBefore(Source other) {
            int compared = position().compareTo(other.position());
            return compared == 0
                    ? !read.isEmpty() && other.read.isEmpty()
                    : walk.isForward() ? compared < 0 : compared > 0;
        }

        private String position() {
            @Nullable DynamoDbIndexEntry head = read.peek();
            return head == null ? reached : head.place();
        }

        /** Continues behind this position. */
        protected final void moveTo(String position) {
            reached = position;
            if (walk.isForward()) {
                from = position + BELOW;
            } else {
                to = position;
            }
        }

        /**
         * Reads entries of a partition.
         *
         * @return whether more may follow in it
         */
        protected final boolean query(String partition, String low, String high, int limit) {
            if (low.compareTo(high) > 0) {
                // DynamoDB rejects a range that ends before it begins.
                return false;
            }
            // One more shows whether more follow. A range includes its ends, so backwards it repeats the last entry.
            QueryResponse response =
                    walk.index.query(walk.dynamoDb, walk.table, partition, low, high, limit + 2, walk.order);
            for (DynamoDbIndexEntry entry : DynamoDbIndexEntry.living(walk.index, response, walk.now)) {
                if (walk.isForward() || !entry.place().equals(reached)) {
                    read.add(entry);
                }
            }
            if (!response.hasLastEvaluatedKey()) {
                return false;
            }
            moveTo(textOf(response.lastEvaluatedKey(), walk.index.place()));
            return true;
        }
    }

    /** One partition of the index. */
    private final class PartitionSource extends Source {
        private final String partition;
        private final int limit;

        PartitionSource(String partition, String from, String to, int limit) {
            super(DynamoDbIndexWalk.this, from, to);
            this.partition = partition;
            this.limit = limit;
        }

        @Override
        boolean fill() {
            return query(partition, from, to, limit);
        }
    }
}
