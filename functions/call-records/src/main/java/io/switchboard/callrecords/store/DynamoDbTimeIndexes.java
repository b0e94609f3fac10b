package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.ABOVE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.changedIn;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.listedByDay;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.listedByStart;
import static io.switchboard.dynamodb.Attributes.seconds;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.DynamoDbIndexWalk.Walked;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.WriteLoop;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks a tenant's call records by start or by last modification, in either direction. An index has a partition for
 * each shard of the tenant. Earlier releases used one for each day of start, and entered the days into a directory in
 * the tenant's own partition; a walk by start merges both forms ({@code docs/decisions/0048}). Thread-safe.
 */
final class DynamoDbTimeIndexes {
    /** Sorts after the separator that follows an instant, and before every longer instant. */
    private static final String AFTER_INSTANT = "$";
    /** Follows the day in every instant. */
    private static final String FIRST_OF_DAY = "T";

    private final DynamoDb dynamoDb;
    private final String table;
    private final IndexShards shards;
    private final DynamoDbDayDirectory directory;

    DynamoDbTimeIndexes(DynamoDb dynamoDb, String table, IndexShards shards) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.shards = shards;
        this.directory = new DynamoDbDayDirectory(dynamoDb, table);
    }

    /**
     * Returns entries in order.
     *
     * @param after the position after which the walk begins; null at the start
     * @param most the most entries
     */
    Walked walk(
            String tenant, CallRecordFilter filter, ListOrder order, @Nullable String after, int most, Instant now) {
        SortDirection direction = order.direction();
        String from = from(filter);
        String to = to(filter);
        if (after != null && direction == SortDirection.ASCENDING) {
            from = most(from, after + BELOW);
        } else if (after != null) {
            to = least(to, after);
        }
        if (from.compareTo(to) > 0) {
            return new Walked(List.of(), null);
        }
        boolean isByStart = order.time() == ListOrder.Time.START;
        DynamoDbIndex index = isByStart ? DynamoDbIndex.LISTED : DynamoDbIndex.MODIFIED;
        DynamoDbIndexWalk walk = new DynamoDbIndexWalk(dynamoDb, table, index, direction, most, now);
        for (int shard = 0; shard < shards.count(); shard++) {
            String partition = isByStart ? listedByStart(tenant, shard) : changedIn(tenant, shard);
            walk.addPartition(partition, from, to, shards.share(most));
        }
        if (isByStart) {
            walk.add(new DaySource(walk, tenant, direction, from, to, most, now));
        }
        return walk.go();
    }

    /** Counts the entries of the index by start within the bounds of a filter. */
    long count(String tenant, CallRecordFilter filter, Instant now) {
        String to = to(filter);
        long count = 0;
        for (int shard = 0; shard < shards.count(); shard++) {
            count += count(listedByStart(tenant, shard), from(filter), to, now);
        }
        @Nullable String from = from(filter);
        while (from != null) {
            DynamoDbDayDirectory.Days days = directory.days(tenant, from, to, SortDirection.ASCENDING, now);
            for (String day : days.days()) {
                count += count(listedByDay(tenant, day), most(from, day), least(to, day + ABOVE), now);
            }
            from = days.next() == null ? null : days.next() + BELOW;
        }
        return count;
    }

    private long count(String partition, String from, String to, Instant now) {
        WriteLoop.requireTime("there are too many call records to count");
        return DynamoDbIndex.LISTED.count(dynamoDb, table, partition, from, to, seconds(now));
    }

    /** Returns the first sort key that a filter admits. */
    private static String from(CallRecordFilter filter) {
        @Nullable GraphInstant from = filter.from();
        if (from == null) {
            return BELOW;
        }
        return filter.fromInclusive() ? from.key() : from.key() + AFTER_INSTANT;
    }

    /** Returns the last sort key that a filter admits. */
    private static String to(CallRecordFilter filter) {
        @Nullable GraphInstant to = filter.to();
        if (to == null) {
            return ABOVE;
        }
        return filter.toInclusive() ? to.key() + AFTER_INSTANT : to.key();
    }

    private static String most(String one, String other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String least(String one, String other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The partitions of days that earlier releases wrote. Not thread-safe. */
    private final class DaySource extends DynamoDbIndexWalk.Source {
        private final String tenant;
        private final SortDirection order;
        private final int most;
        private final Instant now;
        private final Deque<String> days = new ArrayDeque<>();
        private boolean hasMoreDays = true;

        DaySource(
                DynamoDbIndexWalk walk,
                String tenant,
                SortDirection order,
                String from,
                String to,
                int most,
                Instant now) {
            super(walk, from, to);
            this.tenant = tenant;
            this.order = order;
            this.most = most;
            this.now = now;
        }

        @Override
        boolean fill() {
            if (days.isEmpty()) {
                DynamoDbDayDirectory.Days found = directory.days(tenant, from, to, order, now);
                days.addAll(found.days());
                hasMoreDays = found.next() != null;
                if (days.isEmpty() && found.next() != null) {
                    moveTo(found.next());
                }
            } else {
                String day = days.getFirst();
                if (!query(listedByDay(tenant, day), most(from, day + FIRST_OF_DAY), least(to, day + ABOVE), most)) {
                    days.removeFirst();
                    moveTo(order == SortDirection.ASCENDING ? day + ABOVE : day + BELOW);
                }
            }
            return hasMoreDays || !days.isEmpty();
        }
    }
}
