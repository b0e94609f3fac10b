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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * A tenant's call records by their start, or those of one participant. The index has a partition for each day and for each
 * participant; which days there are tells a directory in the tenant's own partition. What the index says may be of a moment
 * ago, so the records themselves are asked before they are shown. Thread-safe.
 *
 * <p>A position is a place in the index, never a partition: whatever a caller makes of it, it stays within the tenant.
 */
final class DynamoDbCallRecordList {
    /** How many queries of the index one page is worth; then it is short. */
    private static final int MOST_QUERIES = 20;
    /** How many keys DynamoDB takes in one batch. */
    private static final int BATCH = 100;
    /** Where a page ends whatever its size, in bytes of JSON ({@code API.md} §2). */
    private static final int MAXIMUM_BYTES = 4 * 1_024 * 1_024;

    private static final String IN_INDEX = "#listed = :listed AND #place BETWEEN :from AND :to";
    private static final String IS_LEFT = "attribute_not_exists(#expiresAt) OR #expiresAt > :now";

    /** Above the one behind an instant, and below every one that goes on with it. */
    private static final String BEHIND_INSTANT = "$";

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

    /** Whether it may be the position of a page; of others nobody was given one. */
    private static boolean isPlace(@Nullable String position) {
        return position == null || position.chars().allMatch(c -> c <= ABOVE.charAt(0));
    }

    /** A walk over days and what the index has of each. Not thread-safe. */
    private final class Walk {
        private final String tenant;
        private final int wanted;
        private final Instant now;
        private final String to;
        private final String from;
        private int queries;
        private final List<Entry> found = new ArrayList<>();
        /** Behind what was looked at; null at the end. */
        private @Nullable String next;

        Walk(String tenant, CallRecordFilter filter, @Nullable String after, int size, Instant now) {
            this.tenant = tenant;
            // One more than is wanted tells whether there is a next page.
            this.wanted = size + 1;
            this.now = now;
            this.to = to(filter);
            this.from = most(from(filter), after == null ? BELOW : after + BELOW);
        }

        void go() {
            Days days = directory.days(tenant, from, to, now);
            for (String day : days.days()) {
                if (!look(day)) {
                    return;
                }
                next = day + ABOVE;
            }
            next = days.next();
        }

        /** @return whether all of a day was looked at, and more is wanted */
        private boolean look(String day) {
            String end = least(to, day + ABOVE);
            String begin = most(from, day);
            while (begin.compareTo(end) <= 0) {
                if (queries == MOST_QUERIES) {
                    return false;
                }
                queries++;
                QueryResponse answer = dynamoDb.queryIndex(
                        table, INDEX, IN_INDEX, range(listedByDay(tenant, day), begin, end), wanted - found.size());
                addLiving(found, answer, now);
                if (!answer.hasLastEvaluatedKey()) {
                    break;
                }
                next = textOf(answer.lastEvaluatedKey(), PLACE);
                if (found.size() >= wanted) {
                    return false;
                }
                begin = next + BELOW;
            }
            return found.size() < wanted;
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
                    count += dynamoDb.countIndex(table, INDEX, IN_INDEX, IS_LEFT, values);
                }
            }
            from = days.next() == null ? null : days.next() + BELOW;
        }
        return count;
    }

    /** The first place that a filter admits. */
    private static String from(CallRecordFilter filter) {
        @Nullable GraphInstant from = filter.from();
        if (from == null) {
            return BELOW;
        }
        return filter.fromInclusive() ? from.key() : from.key() + BEHIND_INSTANT;
    }

    /** The last place that a filter admits. */
    private static String to(CallRecordFilter filter) {
        @Nullable GraphInstant to = filter.to();
        if (to == null) {
            return ABOVE;
        }
        return filter.toInclusive() ? to.key() + BEHIND_INSTANT : to.key();
    }

    // ---- of a participant

    private Page<CallRecord> ofParticipant(
            String tenant, String participant, CallRecordFilter filter, PageRequest page, Instant now) {
        String from = page.after() == null ? BELOW : page.after() + BELOW;
        if (!CallRecordKey.fits(participant) || !isPlace(page.after()) || from.compareTo(ABOVE) > 0) {
            // Nobody has such an id, or nobody was given such a position.
            return new Page<>(List.of(), null);
        }
        boolean isSelective = filter.from() != null || filter.to() != null;
        QueryResponse answer = dynamoDb.queryIndex(
                table,
                INDEX,
                IN_INDEX,
                range(listedByParticipant(tenant, participant), from, ABOVE),
                isSelective ? BATCH : Math.min(BATCH, page.size() + 1));
        List<Entry> entries = new ArrayList<>();
        addLiving(entries, answer, now);
        return records(
                entries,
                answer.hasLastEvaluatedKey() ? textOf(answer.lastEvaluatedKey(), PLACE) : null,
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

    /** An item as the index tells of it. */
    private record Entry(CallRecordKey record, String key, String place) {
        /** Of a participant, the generation it lies under. */
        String generation() {
            return key.substring(0, key.indexOf('#'));
        }
    }

    private static void addLiving(List<Entry> entries, QueryResponse answer, Instant now) {
        for (Map<String, AttributeValue> item : answer.items()) {
            if (!isExpired(item, now)) {
                entries.add(new Entry(recordOf(item), textOf(item, KEY), textOf(item, PLACE)));
            }
        }
    }

    /** Whether what the index tells of a record still holds. */
    private interface Holds {
        boolean holds(Entry entry, Map<String, AttributeValue> item);
    }

    /** @param next where the next page begins unless this one ends early; null for nowhere */
    private Page<CallRecord> records(
            List<Entry> entries, @Nullable String next, int size, Instant now, Holds condition) {
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
