package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.isLiving;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.record;
import static io.switchboard.callrecords.store.DynamoDbCallRecordItems.spanOf;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.ABOVE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.BELOW;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PARTICIPANT_GENERATION;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.PLACE;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.length;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.listedByParticipant;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordKey;
import static io.switchboard.callrecords.store.DynamoDbCallRecordTable.recordOf;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

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
 * Lists a tenant's call records by a time, or those of one participant, which have a partition of an index. Indexes are
 * eventually consistent, so the records themselves are read before they are returned. Conditions that no index answers
 * are evaluated on them; a page reads a bounded number of records, so it may be short. Thread-safe.
 *
 * <p>A position is a sort key of the index, never a partition key, so even a manipulated position stays within the
 * tenant.
 */
final class DynamoDbCallRecordList {
    /** The most keys that DynamoDB accepts in one batch. */
    private static final int BATCH = 100;
    /**
     * The size at which a page ends early, in bytes of JSON ({@code docs/decisions/0019-call-records-over-http.md}).
     */
    private static final int MAXIMUM_BYTES = 4 * 1_024 * 1_024;

    /** The most queries for participants that a page sends to evaluate a filter. */
    private static final int MOST_PARTICIPANTS = 100;

    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbTimeIndexes times;
    private final ParticipantStore participants;

    DynamoDbCallRecordList(DynamoDb dynamoDb, String table, DynamoDbTimeIndexes times, ParticipantStore participants) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.times = times;
        this.participants = participants;
    }

    Page<CallRecord> page(String tenant, CallRecordFilter filter, ListOrder order, PageRequest page, Instant now) {
        return filter.participant() == null
                ? byTime(tenant, filter, order, page, now)
                : ofParticipant(tenant, filter.participant(), filter, page, now);
    }

    long count(String tenant, CallRecordFilter filter, Instant now) {
        return filter.participant() == null && !filter.isEvaluated()
                ? times.count(tenant, filter, now)
                : countPages(tenant, filter, now);
    }

    // ---- by a time

    private Page<CallRecord> byTime(
            String tenant, CallRecordFilter filter, ListOrder order, PageRequest page, Instant now) {
        if (!isPlace(page.after())) {
            return new Page<>(List.of(), null);
        }
        int size = Math.min(BATCH, page.size());
        int examined = filter.isEvaluated() ? mostExamined(filter) : size;
        DynamoDbIndexWalk.Walked walked = times.walk(tenant, filter, order, page.after(), examined, now);
        return records(
                walked.entries(),
                walked.next(),
                size,
                filter,
                now,
                order.time() == ListOrder.Time.START
                        ? (entry, item, record) -> entry.place().equals(textOrNull(item, PLACE))
                        : (entry, item, record) -> ModifiedPlace.of(record.key(), record.content())
                                .filter(entry.place()::equals)
                                .isPresent());
    }

    /** Returns the most records that are read for one page, so that a page has a bounded cost. */
    private static int mostExamined(CallRecordFilter filter) {
        int participants = filter.participants().size();
        return participants == 0 ? BATCH : Math.clamp(MOST_PARTICIPANTS / participants, 1, BATCH);
    }

    /** Returns true if it may be the position of a page; no other position was issued. */
    private static boolean isPlace(@Nullable String position) {
        return position == null || position.chars().allMatch(c -> c <= ABOVE.charAt(0));
    }

    // ---- of a participant

    private Page<CallRecord> ofParticipant(
            String tenant, String participant, CallRecordFilter filter, PageRequest page, Instant now) {
        String from = page.after() == null ? BELOW : page.after() + BELOW;
        if (!CallRecordKey.fits(participant) || !isPlace(page.after()) || from.compareTo(ABOVE) > 0) {
            // No participant has such an id, or no such position was issued.
            return new Page<>(List.of(), null);
        }
        boolean isSelective = filter.from() != null || filter.to() != null || filter.isEvaluated();
        QueryResponse response = DynamoDbIndex.LISTED.query(
                dynamoDb,
                table,
                listedByParticipant(tenant, participant),
                from,
                ABOVE,
                isSelective ? mostExamined(filter) : Math.min(BATCH, page.size() + 1),
                SortDirection.ASCENDING);
        List<DynamoDbIndexEntry> entries = DynamoDbIndexEntry.living(DynamoDbIndex.LISTED, response, now);
        removeRepeated(entries);
        return records(
                entries,
                response.hasLastEvaluatedKey() ? textOf(response.lastEvaluatedKey(), PLACE) : null,
                page.size(),
                filter,
                now,
                (entry, item, record) -> entry.generation().equals(textOf(item, PARTICIPANT_GENERATION))
                        && filter.admits(spanOf(item).start()));
    }

    /** Counts the records of all pages. */
    private long countPages(String tenant, CallRecordFilter filter, Instant now) {
        long count = 0;
        @Nullable String after = null;
        do {
            WriteLoop.requireTime("there are too many records to read for a count");
            Page<CallRecord> page = page(tenant, filter, ListOrder.BY_START, new PageRequest(after, BATCH), now);
            count += page.items().size();
            after = page.next();
        } while (after != null);
        return count;
    }

    // ---- the records themselves

    /** Removes the entries of further participants of one record that have the same id. */
    private static void removeRepeated(List<DynamoDbIndexEntry> entries) {
        Set<String> places = new HashSet<>();
        entries.removeIf(entry -> !places.add(entry.place()));
    }

    /** Checks whether an entry of the index still matches its record. */
    private interface EntryCheck {
        boolean holds(DynamoDbIndexEntry entry, Map<String, AttributeValue> item, CallRecord record);
    }

    /** @param next the start of the next page, unless this one ends early; null if there is none */
    private Page<CallRecord> records(
            List<DynamoDbIndexEntry> entries,
            @Nullable String next,
            int size,
            CallRecordFilter filter,
            Instant now,
            EntryCheck condition) {
        Set<Map<String, AttributeValue>> keys = new LinkedHashSet<>();
        for (DynamoDbIndexEntry entry : entries) {
            keys.add(recordKey(entry.record()));
        }
        Map<CallRecordKey, Map<String, AttributeValue>> items = new HashMap<>();
        for (Map<String, AttributeValue> item : dynamoDb.getAll(table, List.copyOf(keys))) {
            if (isLiving(item, now)) {
                items.put(recordOf(item), item);
            }
        }
        List<CallRecord> records = new ArrayList<>();
        long bytes = 0;
        @Nullable String last = null;
        for (DynamoDbIndexEntry entry : entries) {
            @Nullable Map<String, AttributeValue> item = items.get(entry.record());
            if (item == null) {
                continue;
            }
            CallRecord record = record(entry.record(), item);
            if (!condition.holds(entry, item, record)
                    || !filter.condition().holds(record, participants(record, filter.participants()))) {
                continue;
            }
            bytes += length(item);
            if (last != null && (records.size() == size || bytes > MAXIMUM_BYTES)) {
                return new Page<>(records, last);
            }
            records.add(record);
            last = entry.place();
        }
        return new Page<>(records, next);
    }

    /** Returns which of these participants a record has. */
    private Set<String> participants(CallRecord record, Set<String> ids) {
        Set<String> found = new HashSet<>();
        for (String id : ids) {
            if (!participants.participants(record, id, "", 1).isEmpty()) {
                found.add(id);
            }
        }
        return found;
    }
}
