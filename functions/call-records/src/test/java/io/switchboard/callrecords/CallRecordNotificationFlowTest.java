package io.switchboard.callrecords;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.notifications.ChangeType;
import io.switchboard.callrecords.notifications.DynamoDbSubscriptionStore;
import io.switchboard.callrecords.notifications.EndpointServer;
import io.switchboard.callrecords.notifications.NotificationSender;
import io.switchboard.callrecords.notifications.NotifySubscribers;
import io.switchboard.callrecords.notifications.SendNotifications;
import io.switchboard.callrecords.notifications.SubscriptionStore;
import io.switchboard.callrecords.notifications.TestSubscriptions;
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.callrecords.store.NewCallRecord;
import io.switchboard.callrecords.store.NewCallSession;
import io.switchboard.callrecords.store.Participant;
import io.switchboard.callrecords.store.PostSessionOutcome;
import io.switchboard.callrecords.store.RecordLimits;
import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Json;
import io.switchboard.replay.QueueEvent;
import io.switchboard.replay.TableStream;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Tests the whole flow: a write of the store, the table's stream, the queues, the notifications at an endpoint, and the
 * remaining items of the table.
 */
final class CallRecordNotificationFlowTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(30);
    private static final CallRecordKey KEY = new CallRecordKey("contoso", "call #1");
    private static final String FROM = "2026-03-04T09:00:00Z";
    private static final String TO = "2026-03-04T10:00:00Z";

    private final DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint());
    private final String table = TestTables.callRecords(client);
    private final TableStream stream = new TableStream(client, table);
    private final QueueServer queues = new QueueServer();
    private final EndpointServer endpoint = EndpointServer.plain();
    private final Map<String, String> environment = queues.environmentOf(table);
    private final DynamoDbCallRecordStore store =
            new DynamoDbCallRecordStore(new DynamoDb(client), table, new RecordLimits(RETENTION, false));
    private final SubscriptionStore subscriptions = new DynamoDbSubscriptionStore(new DynamoDb(client), table);
    private final NotifySubscribers notify = new NotifySubscribers(environment);
    private final SendNotifications send = new SendNotifications(
            subscriptions, NotificationSender.of(environment), environment, InstantSource.fixed(NOW));
    private final SweepCallRecords sweep = new SweepCallRecords(
            store,
            subscriptions,
            (tenant, id, now) -> {},
            (timer, now) -> Optional.empty(),
            (owner, id, now) -> {},
            environment,
            InstantSource.fixed(NOW));

    @AfterEach
    void close() {
        stream.close();
        client.close();
        queues.close();
        endpoint.close();
    }

    /** Subscribes for longer than a test takes, because the function that reads the stream uses the real clock. */
    private void subscribe() {
        subscriptions.create(
                TestSubscriptions.to(
                                TestSubscriptions.of("contoso", "s1", NOW),
                                endpoint.url("/"),
                                ChangeType.CREATED,
                                ChangeType.UPDATED)
                        .expiring(Instant.now().plus(Duration.ofDays(36_500))),
                null,
                NOW);
    }

    /** Returns the notifications that the endpoint received for the writes since the last call. */
    private List<String> received() {
        assertThat(stream.take().sendTo(notify).failed()).isEmpty();
        List<String> messages = new ArrayList<>();
        queues.take("Notifications").forEach(entry -> messages.add(Json.write(entry.body())));
        int before = endpoint.received().size();
        assertThat(QueueEvent.of(messages.toArray(String[]::new)).sendTo(send).failed())
                .isEmpty();
        return endpoint.received().stream()
                .skip(before)
                .map(received -> (Map<?, ?>) Objects.requireNonNull(((List<?>) Objects.requireNonNull(
                                Json.readOwn(received.body()).get("value")))
                        .getFirst()))
                .map(value -> value.get("changeType") + " " + value.get("resource"))
                .sorted()
                .toList();
    }

    private void sweepAll() {
        List<String> messages = new ArrayList<>();
        queues.take("EndedGenerations").forEach(entry -> messages.add(Json.write(entry.body())));
        assertThat(QueueEvent.of(messages.toArray(String[]::new)).sendTo(sweep).failed())
                .isEmpty();
    }

    /** Returns the generations that have items. */
    private Set<String> generations() {
        Set<String> generations = new TreeSet<>();
        for (var item : client.scan(request -> request.tableName(table).consistentRead(true))
                .items()) {
            String key = Objects.requireNonNull(item.get("key")).s();
            if (key.contains("#s#") || key.contains("#c#") || key.contains("#p#")) {
                generations.add(key.substring(0, key.indexOf('#')));
            }
        }
        return generations;
    }

    private CallRecord read() {
        return store.read(KEY, NOW).orElseThrow();
    }

    private static NewCallSession session(String id, String from, String to, List<?> segments) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", id);
        String start = "2026-03-04T" + from + ":00Z";
        String end = "2026-03-04T" + to + ":00Z";
        content.put("startDateTime", start);
        content.put("endDateTime", end);
        content.put("modalities", List.of("audio"));
        content.put("segments", segments);
        return new NewCallSession(new SessionKey(id, instant(start).key(), "-"), instant(end), content, null);
    }

    private static GraphInstant instant(String text) {
        return GraphInstant.of(text).orElseThrow();
    }

    /** Returns a session that takes several items, because its text is hardly compressible. */
    private static NewCallSession large(String id) {
        byte[] noise = new byte[300_000];
        Seed.random("session that takes more than one item").nextBytes(noise);
        Map<String, ?> segment = Map.of(
                "id",
                "segment of " + id,
                "startDateTime",
                FROM,
                "endDateTime",
                TO,
                "media",
                List.of(Map.of("label", Base64.getEncoder().encodeToString(noise))));
        return session(id, "09:00", "10:00", List.of(segment));
    }

    private static NewCallSession session(String id, String from, String to) {
        return session(id, from, to, List.of());
    }

    private static NewCallRecord record(
            int version,
            @Nullable List<NewCallSession> sessions,
            @Nullable List<Participant> participants,
            @Nullable IdempotencyKey key) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", KEY.id());
        content.put("version", version);
        content.put("type", "groupCall");
        content.put("modalities", List.of("audio"));
        content.put("lastModifiedDateTime", TO);
        content.put("startDateTime", FROM);
        content.put("endDateTime", TO);
        return new NewCallRecord(KEY, version, content, sessions, participants, key);
    }

    private static Participant participant(String id) {
        return new Participant(id, new LinkedHashMap<>(Map.of("id", id)), 1);
    }

    @Test
    void record_created_by_a_session_is_notified_as_created_and_updated_once() {
        subscribe();
        assertThat(received()).as("a subscription is not a call record").isEmpty();

        store.post(KEY, session("a", "09:00", "09:30"), NOW);
        assertThat(received())
                .containsExactly(
                        "created communications/callRecords/call%20%231",
                        "updated communications/callRecords/call%20%231");

        store.post(KEY, session("b", "08:00", "11:30"), NOW);
        store.post(KEY, large("c"), NOW);
        store.post(read(), participant("p"), NOW);
        assertThat(received()).as("no version changed").isEmpty();
        sweepAll();
        assertThat(store.countSessions(read())).isEqualTo(3);
    }

    @Test
    void each_version_is_notified_and_the_replaced_generation_is_swept() {
        subscribe();
        store.put(record(1, List.of(session("a", "09:00", "09:30"), large("b")), List.of(participant("p")), null), NOW);
        assertThat(received()).hasSize(2);
        sweepAll();
        Set<String> first = generations();

        store.put(record(1, List.of(), List.of(), null), NOW);
        assertThat(received()).as("an equal version changes nothing").isEmpty();

        store.put(record(2, List.of(session("c", "09:00", "09:30")), List.of(participant("q")), null), NOW);
        assertThat(received()).containsExactly("updated communications/callRecords/call%20%231");
        assertThat(generations()).containsAll(first);
        sweepAll();
        assertThat(generations())
                .doesNotContainAnyElementsOf(first)
                .contains(read().generation())
                .isSubsetOf(read().generation(), read().participantGeneration());
        assertThat(store.countSessions(read())).isEqualTo(1);
        assertThat(store.countParticipants(read())).isEqualTo(1);
    }

    @Test
    void version_without_sessions_keeps_those_of_version_0() {
        subscribe();
        store.post(KEY, session("a", "09:00", "09:30"), NOW);
        received();

        store.put(record(1, null, null, null), NOW);

        assertThat(received()).containsExactly("updated communications/callRecords/call%20%231");
        sweepAll();
        assertThat(store.countSessions(read())).isEqualTo(1);
    }

    @Test
    void deleted_record_is_swept_and_a_later_one_is_new() {
        subscribe();
        IdempotencyKey key = new IdempotencyKey("k", "hash");
        store.put(record(3, List.of(session("a", "09:00", "09:30"), large("b")), null, key), NOW);
        received();
        sweepAll();

        store.delete(read(), NOW);
        store.post(KEY, session("z", "09:00", "09:30"), NOW);

        assertThat(received()).hasSize(2);
        sweepAll();
        assertThat(generations()).containsExactly(read().generation());
        assertThat(store.countSessions(read())).isEqualTo(1);

        store.delete(read(), NOW);
        assertThat(received()).isEmpty();
        sweepAll();
        assertThat(generations()).isEmpty();
    }

    @Test
    void record_that_replaces_an_expired_one_is_new() {
        subscribe();
        store.put(record(3, List.of(session("a", "09:00", "09:30")), null, null), NOW);
        received();
        Instant later = NOW.plus(RETENTION).plusSeconds(1);

        store.put(record(4, List.of(session("b", "09:00", "09:30")), null, null), later);

        assertThat(received()).hasSize(2);
        sweepAll();
        assertThat(generations())
                .containsExactly(store.read(KEY, later).orElseThrow().generation());
    }

    @Test
    void request_of_a_swept_session_is_recognised_for_another_day() {
        NewCallSession session = session("a", "09:00", "09:30");
        NewCallSession keyed =
                new NewCallSession(session.key(), session.end(), session.content(), new IdempotencyKey("k", "hash"));
        store.post(KEY, keyed, NOW);
        store.delete(read(), NOW);
        received();

        sweepAll();

        assertThat(generations()).isEmpty();
        assertThat(store.post(KEY, keyed, NOW)).isInstanceOf(PostSessionOutcome.Deleted.class);
        assertThat(client.scan(request -> request.tableName(table).consistentRead(true))
                        .items())
                .filteredOn(item -> Objects.requireNonNull(item.get("key")).s().startsWith("KEY#"))
                .singleElement()
                .satisfies(item -> assertThat(Long.parseLong(
                                Objects.requireNonNull(item.get("expiresAt")).n()))
                        .isEqualTo(NOW.plus(Duration.ofDays(1)).getEpochSecond()));
    }
}
