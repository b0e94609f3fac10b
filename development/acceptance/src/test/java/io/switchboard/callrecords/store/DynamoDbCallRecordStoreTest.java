package io.switchboard.callrecords.store;

import static io.switchboard.callrecords.store.TestCallRecords.content;
import static io.switchboard.callrecords.store.TestCallRecords.participant;
import static io.switchboard.callrecords.store.TestCallRecords.record;
import static io.switchboard.callrecords.store.TestCallRecords.segment;
import static io.switchboard.callrecords.store.TestCallRecords.session;
import static io.switchboard.callrecords.store.TestCallRecords.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.FaultyHttpClient.Fault;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.PageToken;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests, in addition to the contract, the items in the table, including those that readers never see. */
final class DynamoDbCallRecordStoreTest extends CallRecordStoreContract {
    private static final String START = "2026-03-04T09:00";
    private static final String END = "2026-03-04T10:00";
    private static final IdempotencyKey REQUEST = new IdempotencyKey("key", "hash");

    @RegisterExtension
    static final TestTable TABLE = TestTable.of(TestTables::callRecords);

    @Override
    protected DynamoDbCallRecordStore store(RecordLimits limits) {
        return store(TABLE.client(), limits);
    }

    private static DynamoDbCallRecordStore store(DynamoDbClient client, RecordLimits limits) {
        return new DynamoDbCallRecordStore(new DynamoDb(client), TABLE.name(), limits);
    }

    /** Returns the stored items of a partition, by sort key. */
    private static List<Map<String, AttributeValue>> items(String partition) {
        return TABLE
                .client()
                .queryPaginator(query -> query.tableName(TABLE.name())
                        .keyConditionExpression("#r = :r")
                        .expressionAttributeNames(Map.of("#r", "record"))
                        .expressionAttributeValues(Map.of(":r", AttributeValue.fromS(partition))))
                .items()
                .stream()
                .toList();
    }

    private List<Map<String, AttributeValue>> items() {
        return items(DynamoDbCallRecordTable.partition(call));
    }

    private static List<String> keys(List<Map<String, AttributeValue>> items) {
        return items.stream().map(item -> Attributes.textOf(item, "key")).toList();
    }

    private static Set<String> expiries(List<Map<String, AttributeValue>> items) {
        Set<String> expiries = new TreeSet<>();
        for (Map<String, AttributeValue> item : items) {
            @Nullable Instant expiry = DynamoDbCallRecordTable.expiryOf(item);
            expiries.add(String.valueOf(expiry));
        }
        return expiries;
    }

    private NewCallRecord whole(long version) {
        return record(
                call,
                version,
                START,
                END,
                List.of(
                        session("a", "09:00", "10:00"),
                        session(with(content("b", START, END), "segments", List.of(segment("g", 800_000))))),
                List.of(participant("p")),
                null);
    }

    @Test
    void children_expire_with_their_record() {
        DynamoDbCallRecordStore store = store(MONTH);
        store.put(whole(1), NOW);
        Instant later = NOW.plus(Duration.ofDays(5));
        posted(store, call, session("c", "09:00", "10:00"), later);
        posted(store, call, session(content("d", START, END), "-", REQUEST), later);
        CallRecord record = read(store, call, later);
        store.post(record, participant("q"), later);
        CallSession large = store.sessions(record, "b", true, 1).getFirst();
        done(store.change(
                record,
                large,
                new SessionKey("b", "2026-03-04T08:00:00", "-"),
                with(large.content(), "startDateTime", "2026-03-04T08:00:00Z"),
                later));

        assertThat(keys(items())).hasSize(10);
        assertThat(expiries(items())).containsExactly("2026-12-21T10:00:00Z");
    }

    @Test
    void item_without_retention_has_no_expiry() {
        DynamoDbCallRecordStore store = store(FOR_GOOD);
        store.put(whole(1), NOW);
        posted(store, call, session(content("d", START, END), "-", REQUEST), NOW);

        assertThat(keys(items())).hasSize(8);
        assertThat(expiries(items())).containsExactly("null");
    }

    @Test
    void changed_retention_applies_to_new_records_only() {
        posted(store(FOR_GOOD), call, session("a", "09:00", "10:00"), NOW);
        DynamoDbCallRecordStore month = store(MONTH);
        posted(month, call, session("b", "09:00", "10:00"), NOW);
        CallRecordKey other = new CallRecordKey(tenant, "other");
        posted(month, other, session("a", "09:00", "10:00"), NOW);
        posted(store(FOR_GOOD), other, session("b", "09:00", "10:00"), NOW);

        assertThat(expiries(items())).containsExactly("null");
        assertThat(expiries(items(DynamoDbCallRecordTable.partition(other)))).containsExactly("2026-12-21T10:00:00Z");
        assertThat(store(new RecordLimits(Duration.ofDays(1), false))
                        .list(tenant, CallRecordFilter.ALL, new PageRequest(null, 9), NOW.plus(Duration.ofDays(999)))
                        .items())
                .hasSize(1);
    }

    @Test
    void deleted_record_leaves_only_a_tombstone_for_readers_of_changes() {
        DynamoDbCallRecordStore store = store(FOR_GOOD);
        store.put(whole(1), NOW);
        posted(store, call, session(content("d", START, END, "video"), "Name of p", REQUEST), NOW);
        CallRecord record = read(store, call, NOW);
        CallSession moving = store.sessions(record, "d", true, 1).getFirst();
        done(store.change(
                record,
                moving,
                new SessionKey("d", "2026-03-04T08:00:00", "Name of p"),
                with(moving.content(), "startDateTime", "2026-03-04T08:00:00Z"),
                NOW));
        done(store.delete(read(store, call, NOW), NOW));
        assertThat(keys(items())).hasSize(8);
        assertThat(store.sweep(call, record.generation(), NOW)).isTrue();

        assertThat(keys(items()))
                .containsExactly(DynamoDbRequestMemory.request(REQUEST), DynamoDbCallRecordTable.RECORD);
        assertThat(expiries(items())).containsExactly("2026-11-22T10:00:00Z", "2026-11-29T10:00:00Z");
        assertThat(items().getFirst().keySet())
                .containsExactlyInAnyOrder("record", "key", "requestHash", "generation", "writeId", "expiresAt");
        assertThat(items().getLast().keySet())
                .containsExactlyInAnyOrder(
                        "record", "key", "writeId", "expiresAt", "requestUntil", "changed", "changedPlace");
    }

    @Test
    void segment_pieces_are_deleted_with_their_session() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallSession session = posted(
                store,
                call,
                session(with(content("b", START, END), "segments", List.of(segment("g", 1_300_000)))),
                NOW);
        CallRecord record = read(store, call, NOW);
        assertThat(keys(items())).hasSize(5);
        session = done(store.change(
                record,
                session,
                session.key(),
                with(session.content(), "segments", List.of(segment("g", 400_000))),
                NOW));
        assertThat(keys(items())).hasSize(3);
        SessionKey there = new SessionKey("b", "2026-03-04T09:01:00", "-");
        session = done(store.change(
                record, session, there, with(session.content(), "startDateTime", "2026-03-04T09:01:00Z"), NOW));
        assertThat(keys(items())).hasSize(3).noneMatch(key -> key.contains("T09%3A00"));
        done(store.delete(record, session, NOW));
        assertThat(keys(items())).containsExactly("RECORD");
    }

    @Test
    void children_of_the_losing_write_are_swept_but_not_the_winners() {
        FaultyHttpClient transport = TestTables.faultyTransport();
        DynamoDbCallRecordStore honest = store(MONTH);
        // A higher version is stored between its read and its last write.
        transport.plan(request -> {
            if (request == 2) {
                honest.put(record(call, 3, START, END, List.of(session("w", "09:00", "10:00")), null, null), NOW);
            }
            return Fault.NONE;
        });

        assertThat(store(TABLE.client(transport), MONTH).put(whole(2), NOW))
                .isInstanceOfSatisfying(
                        PutRecordOutcome.Unchanged.class,
                        kept -> assertThat(kept.record().version()).isEqualTo(3));

        CallRecord winner = read(honest, call, NOW);
        List<String> lost = keys(items()).stream()
                .filter(key -> !key.startsWith(winner.generation()) && !key.equals("RECORD"))
                .toList();
        assertThat(lost).hasSize(5).noneMatch(key -> key.startsWith("STAGED"));
        assertThat(honest.sweep(
                        call, lost.getFirst().substring(0, lost.getFirst().indexOf('#')), NOW))
                .isTrue();
        assertThat(keys(items()))
                .hasSize(2)
                .allMatch(key -> key.equals("RECORD") || key.startsWith(winner.generation()));
    }

    @Test
    void children_being_staged_are_not_swept() {
        FaultyHttpClient transport = TestTables.faultyTransport();
        DynamoDbCallRecordStore honest = store(MONTH);
        List<String> generations = new ArrayList<>();
        transport.plan(request -> {
            if (request == 3) {
                String staged = keys(items()).stream()
                        .filter(key -> key.startsWith(DynamoDbCallRecordTable.STAGED))
                        .findFirst()
                        .orElseThrow();
                generations.add(staged.substring(DynamoDbCallRecordTable.STAGED.length()));
                assertThat(honest.sweep(call, generations.getFirst(), NOW)).isTrue();
            }
            return Fault.NONE;
        });

        store(TABLE.client(transport), MONTH).put(whole(1), NOW);

        assertThat(generations).hasSize(1);
        assertThat(honest.countSessions(read(honest, call, NOW))).isEqualTo(2);
        assertThat(keys(items())).noneMatch(key -> key.startsWith(DynamoDbCallRecordTable.STAGED));
    }

    @Test
    void aborted_write_is_invisible_and_reported_to_the_stream_by_an_expiring_item() {
        FaultyHttpClient transport = TestTables.faultyTransport();
        transport.plan(request -> request == 3 ? Fault.THROTTLED : request > 3 ? Fault.SERVER_ERROR : Fault.NONE);
        DynamoDbCallRecordStore store = store(TABLE.client(transport), MONTH);

        assertThatThrownBy(() -> Deadline.in(Duration.ofSeconds(1)).during(() -> store.put(whole(1), NOW)))
                .isInstanceOf(Unavailable.class);

        assertThat(store(MONTH).read(call, NOW)).isEmpty();
        Map<String, AttributeValue> staged = items().stream()
                .filter(item -> Attributes.textOf(item, "key").startsWith("STAGED"))
                .findFirst()
                .orElseThrow();
        assertThat(DynamoDbCallRecordTable.expiryOf(staged))
                .isEqualTo(NOW.plus(Duration.ofHours(1)).minusMillis(250));
    }

    @Test
    void record_of_an_aborted_write_is_listed_with_its_first_session() {
        FaultyHttpClient transport = TestTables.faultyTransport();
        transport.plan(request -> request == 0 ? Fault.NONE : Fault.SERVER_ERROR);
        DynamoDbCallRecordStore broken = store(TABLE.client(transport), MONTH);
        assertThatThrownBy(() -> Deadline.in(Duration.ofSeconds(1))
                        .during(() -> broken.post(call, session("a", "09:00", "10:00"), NOW)))
                .isInstanceOf(Unavailable.class);
        DynamoDbCallRecordStore store = store(MONTH);
        assertThat(read(store, call, NOW).version()).isZero();
        posted(store, call, session("a", "09:00", "10:00"), NOW);

        assertThat(store.list(tenant, CallRecordFilter.ALL, new PageRequest(null, 9), NOW)
                        .items())
                .hasSize(1);
    }

    @Test
    void more_sessions_than_one_dynamodb_page_are_counted_and_paged() {
        DynamoDbCallRecordStore store = store(MONTH);
        List<NewCallSession> sessions = new ArrayList<>();
        List<Participant> participants = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            String id = "s%03d".formatted(i);
            sessions.add(session(with(content(id, START, END), "caller", segment(id, 8_000))));
            Participant each = participant("p%03d".formatted(i));
            participants.add(new Participant(each.id(), with(each.content(), "x", "x".repeat(6_000)), 1));
        }
        store.put(record(call, 1, START, END, sessions, participants, null), NOW);
        CallRecord record = read(store, call, NOW);

        assertThat(store.countSessions(record)).isEqualTo(250);
        assertThat(store.countParticipants(record)).isEqualTo(250);
        assertThat(store.sessions(record, true, new PageRequest(null, 250), ANY_SIZE)
                        .items())
                .hasSizeLessThan(250);
        assertThat(all(store, record, true, 250)).hasSize(250);
        assertThat(all(store, record, false, 250))
                .extracting(CallSession::key)
                .doesNotHaveDuplicates()
                .hasSize(250);
        String next = String.valueOf(
                store.participants(record, new PageRequest(null, 250), ANY_SIZE).next());
        assertThat(store.participants(record, new PageRequest(next, 250), ANY_SIZE)
                                .items()
                                .size()
                        + store.participants(record, new PageRequest(null, 250), ANY_SIZE)
                                .items()
                                .size())
                .isEqualTo(250);
        done(store.delete(record, NOW));
        assertThat(store.sweep(call, record.generation(), NOW)).isTrue();
        assertThat(keys(items())).containsExactly("RECORD");
    }

    @Test
    void every_position_fits_into_a_page_token() {
        DynamoDbCallRecordStore store = store(MONTH);
        String id = "x".repeat(CallRecordKey.LONGEST_ID);
        CallRecordKey key = new CallRecordKey(tenant, id);
        assertThat(CallRecordKey.fits(id)).isTrue();
        assertThat(CallRecordKey.fits(id + "x")).isFalse();
        assertThat(CallRecordKey.fits("é".repeat(117))).isFalse();
        String start = "2026-03-04T09:00:00.123456789012";
        Map<String, @Nullable Object> content =
                with(content("s".repeat(300), START, END), "startDateTime", start + "Z");
        String callee = "c".repeat(CallRecordKey.LONGEST_ID - 300 - 2 - start.length() - 4);
        NewCallSession longest = session(with(content, "segments", List.of(segment("g", 20_000))), callee, REQUEST);
        assertThat(longest.key().fits()).isTrue();
        assertThat(new SessionKey(longest.key().id(), longest.key().start(), callee + "c").fits())
                .isFalse();
        posted(store, key, longest, NOW);
        posted(store, key, session("t", "09:00", "10:00"), NOW);
        posted(store, new CallRecordKey(tenant, "y"), session("t", "09:01", "10:00"), NOW);
        CallRecord record = read(store, key, NOW);
        for (String participant : List.of("p".repeat(CallRecordKey.LONGEST_ID), "q")) {
            store.post(record, participant(participant), NOW);
            store.post(read(store, new CallRecordKey(tenant, "y"), NOW), participant(participant), NOW);
        }
        CallRecordFilter filter = new CallRecordFilter(null, true, null, true, "p".repeat(CallRecordKey.LONGEST_ID));
        PageRequest one = new PageRequest(null, 1);

        for (@Nullable
        String next : new @Nullable String[] {
            store.sessions(record, true, one, ANY_SIZE).next(),
            store.participants(record, one, ANY_SIZE).next(),
            store.list(tenant, CallRecordFilter.ALL, one, NOW).next(),
            store.list(tenant, filter, one, NOW).next()
        }) {
            assertThat(next).isNotNull();
            String position = String.valueOf(next);
            assertThat(PageToken.position("query", PageToken.of("query", position), any -> true))
                    .isEqualTo(position);
        }
    }

    @Test
    void positions_have_the_same_form_for_full_and_truncated_pages() {
        DynamoDbCallRecordStore store = store(MONTH);
        CallRecord record = ((PutRecordOutcome.Stored) store.put(whole(1), NOW)).record();

        assertThat(store.sessions(record, true, new PageRequest(null, 1), ANY_SIZE)
                        .next())
                .isEqualTo(session("a", "09:00", "10:00").key().text());
    }
}
