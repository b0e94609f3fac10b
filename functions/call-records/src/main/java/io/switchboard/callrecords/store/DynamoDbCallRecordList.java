package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.isLiving;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.record;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.spanOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.ABOVE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.INDEX;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.KEY;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTICIPANT_GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.isExpired;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.length;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.listedByDay;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.listedByParticipant;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordKey;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.DynamoDbDayDirectory.Days;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Lists a tenant's call records by start, or those of one participant. The index has a partition for each day and for
 * each participant; a directory in the tenant's own partition lists the days. The index is eventually consistent, so
 * the records themselves are read before they are returned. Thread-safe.
 *
 * <p>A position is a sort key of the index, never a partition key, so even a manipulated position stays within the
 * tenant.
 */
final class DynamoDbCallRecordList {
    /** The most queries of the index for one page; then the page is short. */
    private static final int MOST_QUERIES = 20;
    /** The most keys that DynamoDB accepts in one batch. */
    private static final int BATCH = 100;
    /**
     * The size at which a page ends early, in bytes of JSON ({@code docs/decisions/0019-call-records-over-http.md}).
     */
    private static final int MAXIMUM_BYTES = 4 * 1_024 * 1_024;

    private static final String IN_INDEX = "#listed = :listed AND #place BETWEEN :from AND :to";
    private static final String IS_UNEXPIRED = "attribute_not_exists(#expiresAt) OR #expiresAt > :now";

    /** Sorts after the separator that follows an instant, and before every longer instant. */
    private static final String AFTER_INSTANT = "$";

    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbDayDirectory directory;

    DynamoDbCallRecordList(DynamoDb dynamoDb, String table, DynamoDbDayDirectory directory) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.directory = directory;
    }

    Page<CallRecord> page(String tenant, CallRecordFilter filter, PageRequest page, Instant now) {
        return filter.participant() == null
                ? byStart(tenant, filter, page, now)
                : ofParticipant(tenant, filter.participant(), filter, page, now);
    }

    long count(String tenant, CallRecordFilter filter, Instant now) {
        return filter.participant() == null
                ? countByStart(tenant, filter, now)
                : countOfParticipant(tenant, filter, now);
    }

    // ---- by start

    private Page<CallRecord> byStart(String tenant, CallRecordFilter filter, PageRequest page, Instant now) {
        if (!isPlace(page.after())) {
            return new Page<>(List.of(), null);
        }
        int size = Math.min(BATCH, page.size());
        Walk walk = new Walk(tenant, filter, page.after(), size, now);
        walk.go();
        boolean isFull = walk.found.size() > size;
        List<Entry> entries = isFull ? walk.found.subList(0, size) : walk.found;
        @Nullable String next = isFull ? entries.getLast().place() : walk.next;
        return records(entries, next, size, now, (entry, item) -> entry.place.equals(textOrNull(item, PLACE)));
    }

    /** Returns true if it may be the position of a page; no other position was issued. */
    private static boolean isPlace(@Nullable String position) {
        return position == null || position.chars().allMatch(c -> c <= ABOVE.charAt(0));
    }

    /** Walks over days and their entries in the index. Not thread-safe. */
    private final class Walk {
        private final String tenant;
        private final int requested;
        private final Instant now;
        private final String to;
        private final String from;
        private int queries;
        private final List<Entry> found = new ArrayList<>();
        /** The position after the entries that were read; null at the end. */
        private @Nullable String next;

        Walk(String tenant, CallRecordFilter filter, @Nullable String after, int size, Instant now) {
            this.tenant = tenant;
            // One more than requested shows whether there is a next page.
            this.requested = size + 1;
            this.now = now;
            this.to = to(filter);
            this.from = most(from(filter), after == null ? BELOW : after + BELOW);
        }

        void go() {
            Days days = directory.days(tenant, from, to, now);
            for (String day : days.days()) {
                if (!readDay(day)) {
                    return;
                }
                next = day + ABOVE;
            }
            next = days.next();
        }

        /** @return whether all entries of a day were read, and more are needed */
        private boolean readDay(String day) {
            String end = least(to, day + ABOVE);
            String begin = most(from, day);
            while (begin.compareTo(end) <= 0) {
                if (queries == MOST_QUERIES) {
                    return false;
                }
                queries++;
                QueryResponse response = dynamoDb.queryIndex(
                        table, INDEX, IN_INDEX, range(listedByDay(tenant, day), begin, end), requested - found.size());
                addLiving(found, response, now);
                if (!response.hasLastEvaluatedKey()) {
                    break;
                }
                next = textOf(response.lastEvaluatedKey(), PLACE);
                if (found.size() >= requested) {
                    return false;
                }
                begin = next + BELOW;
            }
            return found.size() < requested;
        }
    }

    private long countByStart(String tenant, CallRecordFilter filter, Instant now) {
        String to = to(filter);
        long count = 0;
        @Nullable String from = from(filter);
        while (from != null) {
            Days days = directory.days(tenant, from, to, now);
            for (String day : days.days()) {
                WriteLoop.requireTime("there are too many days to count");
                String begin = most(from, day);
                String end = least(to, day + ABOVE);
                if (begin.compareTo(end) <= 0) {
                    Map<String, AttributeValue> values = range(listedByDay(tenant, day), begin, end);
                    values.put("now", seconds(now));
                    count += dynamoDb.countIndex(table, INDEX, IN_INDEX, IS_UNEXPIRED, values);
                }
            }
            from = days.next() == null ? null : days.next() + BELOW;
        }
        return count;
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

    // ---- of a participant

    private Page<CallRecord> ofParticipant(
            String tenant, String participant, CallRecordFilter filter, PageRequest page, Instant now) {
        String from = page.after() == null ? BELOW : page.after() + BELOW;
        if (!CallRecordKey.fits(participant) || !isPlace(page.after()) || from.compareTo(ABOVE) > 0) {
            // No participant has such an id, or no such position was issued.
            return new Page<>(List.of(), null);
        }
        boolean isSelective = filter.from() != null || filter.to() != null;
        QueryResponse response = dynamoDb.queryIndex(
                table,
                INDEX,
                IN_INDEX,
                range(listedByParticipant(tenant, participant), from, ABOVE),
                isSelective ? BATCH : Math.min(BATCH, page.size() + 1));
        List<Entry> entries = new ArrayList<>();
        addLiving(entries, response, now);
        // Participants of one record can have the same id.
        removeRepeated(entries);
        return records(
                entries,
                response.hasLastEvaluatedKey() ? textOf(response.lastEvaluatedKey(), PLACE) : null,
                page.size(),
                now,
                (entry, item) -> entry.generation().equals(textOf(item, PARTICIPANT_GENERATION))
                        && filter.admits(spanOf(item).start()));
    }

    private long countOfParticipant(String tenant, CallRecordFilter filter, Instant now) {
        long count = 0;
        @Nullable String after = null;
        do {
            WriteLoop.requireTime("there are too many records of one participant to count");
            Page<CallRecord> page = page(tenant, filter, new PageRequest(after, BATCH), now);
            count += page.items().size();
            after = page.next();
        } while (after != null);
        return count;
    }

    // ---- the records themselves

    /** An entry of the index. */
    private record Entry(CallRecordKey record, String key, String place) {
        /** Returns the generation of a participant's entry. */
        String generation() {
            return key.substring(0, key.indexOf('#'));
        }
    }

    private static void addLiving(List<Entry> entries, QueryResponse response, Instant now) {
        for (Map<String, AttributeValue> item : response.items()) {
            if (!isExpired(item, now)) {
                entries.add(new Entry(recordOf(item), textOf(item, KEY), textOf(item, PLACE)));
            }
        }
    }

    private static void removeRepeated(List<Entry> entries) {
        Set<String> places = new HashSet<>();
        entries.removeIf(entry -> !places.add(entry.place));
    }

    /** Checks whether an entry of the index still matches its record. */
    private interface EntryCheck {
        boolean holds(Entry entry, Map<String, AttributeValue> item);
    }

    /** @param next the start of the next page, unless this one ends early; null if there is none */
    private Page<CallRecord> records(
            List<Entry> entries, @Nullable String next, int size, Instant now, EntryCheck condition) {
        Set<Map<String, AttributeValue>> keys = new LinkedHashSet<>();
        for (Entry entry : entries) {
            keys.add(recordKey(entry.record));
        }
        Map<CallRecordKey, Map<String, AttributeValue>> items = new HashMap<>();
        for (Map<String, AttributeValue> item : dynamoDb.getAll(table, List.copyOf(keys))) {
            items.put(recordOf(item), item);
        }
        List<CallRecord> records = new ArrayList<>();
        long bytes = 0;
        @Nullable String last = null;
        for (Entry entry : entries) {
            @Nullable Map<String, AttributeValue> item = items.get(entry.record);
            if (item == null || !isLiving(item, now) || !condition.holds(entry, item)) {
                continue;
            }
            bytes += length(item);
            if (last != null && (records.size() == size || bytes > MAXIMUM_BYTES)) {
                return new Page<>(records, last);
            }
            records.add(record(entry.record, item));
            last = entry.place;
        }
        return new Page<>(records, next);
    }

    private static Map<String, AttributeValue> range(String listed, String from, String to) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put("listed", text(listed));
        values.put("from", text(from));
        values.put("to", text(to));
        return values;
    }

    private static String most(String one, String other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static String least(String one, String other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
