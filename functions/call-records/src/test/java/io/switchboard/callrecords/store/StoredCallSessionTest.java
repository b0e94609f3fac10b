package io.switchboard.callrecords.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.StoredExamples;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.storage.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Tests sessions that earlier releases have stored, in the form of their items. */
final class StoredCallSessionTest {
    private static final String BEFORE_FORM_1 = "call-sessions-before-form-1.json";
    private static final String FORM_1 = "call-sessions-form-1.json";
    private static final Instant NOW = StoredCallSessionExamples.NOW;
    private static final PageRequest ALL = new PageRequest(null, 60);
    private static final int ANY_SIZE = 4_000_000;

    private final DynamoDbClient client = TestTables.patientClient(EmbeddedDynamoDb.sharedEndpoint());
    private final String table = TestTables.callRecords(client);
    private final DynamoDbCallRecordStore store =
            new DynamoDbCallRecordStore(new DynamoDb(client), table, new RecordLimits(Duration.ofDays(30), false));

    @AfterEach
    void close() {
        client.close();
    }

    private CallRecord stored(String file) {
        for (Map<String, AttributeValue> item : StoredExamples.of(file).items().values()) {
            client.putItem(put -> put.tableName(table).item(item));
        }
        return store.read(StoredCallSessionExamples.CALL, NOW).orElseThrow();
    }

    private List<CallSession> all(CallRecord record, boolean withSegments) {
        return store.sessions(record, withSegments, ALL, ANY_SIZE).items();
    }

    private static List<CallSession> expected(boolean withSegments, long revision) {
        return StoredCallSessionExamples.sessions().values().stream()
                .map(posted -> {
                    Map<String, @Nullable Object> content = new LinkedHashMap<>(posted.content());
                    if (withSegments) {
                        content.putIfAbsent("segments", List.of());
                    } else {
                        content.remove("segments");
                    }
                    return new CallSession(posted.key(), content, revision);
                })
                .toList();
    }

    private List<String> pieces() {
        return client.scanPaginator(scan -> scan.tableName(table).consistentRead(true)).items().stream()
                .map(item -> Attributes.textOf(item, "key"))
                .filter(key -> key.contains("#c#"))
                .toList();
    }

    private static Map<String, @Nullable Object> with(CallSession session, String name, Object value) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>(session.content());
        content.put(name, value);
        return content;
    }

    private CallSession changed(CallRecord record, CallSession before, Map<String, @Nullable Object> content) {
        RecordChangeOutcome<CallSession> outcome = store.change(record, before, before.key(), content, NOW);
        assertThat(outcome).isInstanceOf(RecordChangeOutcome.Done.class);
        return ((RecordChangeOutcome.Done<CallSession>) outcome).now();
    }

    @ParameterizedTest
    @ValueSource(strings = {BEFORE_FORM_1, FORM_1})
    void sessions_of_every_release_are_read(String file) {
        CallRecord record = stored(file);

        for (boolean withSegments : new boolean[] {true, false}) {
            List<CallSession> expected = expected(withSegments, 1);
            assertThat(all(record, withSegments)).isEqualTo(expected);
            for (CallSession each : expected) {
                assertThat(store.session(record, each.key(), withSegments)).contains(each);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BEFORE_FORM_1, FORM_1})
    void repeated_posts_are_recognised(String file) {
        CallRecord record = stored(file);

        for (CallSession each : expected(true, 1)) {
            NewCallSession posted = Objects.requireNonNull(
                    StoredCallSessionExamples.sessions().get(each.key().id()));
            assertThat(store.post(record.key(), posted, NOW))
                    .isEqualTo(
                            posted.idempotencyKey() == null
                                    ? new PostSessionOutcome.Posted(each)
                                    : new PostSessionOutcome.Replayed(each));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {BEFORE_FORM_1, FORM_1})
    void changes_keep_segments_in_either_place(String file) {
        CallRecord record = stored(file);

        for (CallSession each : all(record, true)) {
            CallSession longer = changed(record, each, with(each, "failureInfo", Map.of("reason", noise())));
            CallSession shorter = changed(record, longer, with(each, "isTest", true));
            assertThat(shorter.revision()).isEqualTo(3);
            assertThat(store.session(record, each.key(), true)).contains(shorter);
            assertThat(shorter.content().get("segments"))
                    .isEqualTo(each.content().get("segments"));
        }

        // Only the segments that do not fit into their session's item are in another one.
        assertThat(pieces()).singleElement().asString().contains("c-with-large-segments");
    }

    @ParameterizedTest
    @ValueSource(strings = {BEFORE_FORM_1, FORM_1})
    void keys_with_a_digest_are_those_of_earlier_releases_in_their_generations(String file) {
        CallRecord record = stored(file);

        for (CallSession each : expected(true, 1)) {
            NewCallSession posted = Objects.requireNonNull(
                    StoredCallSessionExamples.sessions().get(each.key().id()));
            SessionKey digested = each.key().withDigest("digest");
            NewCallSession again =
                    new NewCallSession(digested, posted.end(), posted.content(), posted.idempotencyKey());
            assertThat(store.post(record.key(), again, NOW))
                    .isEqualTo(
                            posted.idempotencyKey() == null
                                    ? new PostSessionOutcome.Posted(each)
                                    : new PostSessionOutcome.Replayed(each));
            assertThat(SessionKey.ofPathSegment(each.key().pathSegment())).contains(each.key());
        }
        CallSession first = all(record, true).getFirst();
        RecordChangeOutcome<CallSession> outcome =
                store.change(record, first, first.key().withDigest("digest"), with(first, "isTest", true), NOW);
        assertThat(((RecordChangeOutcome.Done<CallSession>) outcome).now().key())
                .isEqualTo(first.key());
        assertThat(store.countSessions(record)).isEqualTo(5);
    }

    @Test
    void key_of_an_earlier_release_names_the_session_in_a_later_generation() {
        CallRecord record = stored(FORM_1);
        SessionKey key = all(record, false).getFirst().key();
        NewCallSession posted =
                StoredCallSessionExamples.sessions().values().iterator().next();
        store.put(
                new NewCallRecord(
                        record.key(),
                        1,
                        record.content(),
                        List.of(new NewCallSession(key.withDigest("digest"), posted.end(), posted.content(), null)),
                        null,
                        null),
                NOW);
        CallRecord later = store.read(record.key(), NOW).orElseThrow();

        assertThat(store.sessions(later, key, false, 2))
                .singleElement()
                .extracting(CallSession::key)
                .isEqualTo(key.withDigest("digest"));
        assertThat(store.sessions(later, key.withDigest("other"), false, 2)).isEmpty();
    }

    /** Returns a text that makes the item of a session larger than a kilobyte. */
    private static String noise() {
        StringBuilder noise = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            noise.append(Integer.toHexString(i * i * i)).append(i % 7);
        }
        return noise.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {BEFORE_FORM_1, FORM_1})
    void segments_are_replaced_by_those_of_a_change(String file) {
        CallRecord record = stored(file);
        List<Object> segments = List.of(Map.of("id", "another"));

        for (CallSession each : all(record, true)) {
            CallSession now = changed(record, each, with(each, "segments", segments));
            assertThat(store.session(record, each.key(), true)).contains(now);
            assertThat(now.content().get("segments")).isEqualTo(segments);
        }

        assertThat(pieces()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {BEFORE_FORM_1, FORM_1})
    void moved_and_deleted_sessions_leave_no_piece(String file) {
        CallRecord record = stored(file);

        for (CallSession each : all(record, true)) {
            String start = "2026-03-04T09:00:00Z";
            SessionKey there = new SessionKey(each.key().id(), "2026-03-04T09:00:00", "callee");
            CallSession moved = ((RecordChangeOutcome.Done<CallSession>)
                            store.change(record, each, there, with(each, "startDateTime", start), NOW))
                    .now();
            assertThat(store.session(record, each.key(), true)).isEmpty();
            assertThat(store.session(record, there, true)).contains(moved);
            assertThat(store.delete(record, moved, NOW)).isInstanceOf(RecordChangeOutcome.Done.class);
        }

        assertThat(store.countSessions(record)).isZero();
        assertThat(pieces()).isEmpty();
    }

    @Test
    void items_are_written_in_form_1() {
        StoredCallSessionExamples.fill(store);

        assertThat(attributes(StoredExamples.images(client, table, "record")))
                .isEqualTo(attributes(StoredExamples.of(FORM_1).images()));
    }

    /**
     * Returns the types of the attributes of items, by key without the generation; the bytes depend on the JDK. The
     * record's own item and the directory of days are not part of a form of sessions.
     */
    private static Map<String, Map<String, String>> attributes(Map<String, Map<String, @Nullable Object>> images) {
        Map<String, Map<String, String>> attributes = new TreeMap<>();
        images.forEach((key, image) -> {
            Map<String, String> types = new TreeMap<>();
            image.forEach((name, value) -> types.put(name, String.valueOf(((Map<?, ?>) value).keySet())));
            if (!key.endsWith(" RECORD") && !key.contains(" DAY#")) {
                attributes.put(key.replaceAll(" [^ #]{16}#", " generation#"), types);
            }
        });
        return attributes;
    }
}
