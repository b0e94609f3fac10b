package io.switchboard.callrecords.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.GeneratedPayloads;
import io.switchboard.callrecords.model.Purpose;
import io.switchboard.callrecords.model.ReadContext;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Violations;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Tests sessions with any content that the API accepts. The store's other tests are in the module {@code acceptance}.
 */
final class GeneratedSessionsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.250Z");
    private static final CallRecordKey CALL = new CallRecordKey("tenant", "call/1#ü");
    private static final int ANY_SIZE = 4_000_000;

    @Test
    void generated_sessions_are_returned_unchanged() {
        SplittableRandom random = Seed.random("generated_sessions_are_returned_unchanged");
        GeneratedPayloads payloads = new GeneratedPayloads(random.nextLong());
        try (DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint())) {
            DynamoDbCallRecordStore store = new DynamoDbCallRecordStore(
                    new DynamoDb(client), TestTables.callRecords(client), new RecordLimits(Duration.ofDays(30), false));
            List<CallSession> posted = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                NewCallSession session = session(payloads, i);
                CallSession stored = ((PostSessionOutcome.Posted) store.post(CALL, session, NOW)).session();
                assertThat(CallRecordTypes.session().normal(stored.content()))
                        .isEqualTo(CallRecordTypes.session().normal(session.content()));
                assertThat(store.post(CALL, session, NOW)).isEqualTo(new PostSessionOutcome.Posted(stored));
                posted.add(stored);
            }
            CallRecord record = store.read(CALL, NOW).orElseThrow();
            assertThat(all(store, record)).isEqualTo(posted);
            Span span = Span.of(posted.getFirst().content());
            for (CallSession session : posted) {
                span = span.widenedBy(Span.of(session.content()));
            }
            assertThat(Span.of(record.content())).isEqualTo(span);
        }
    }

    /** Returns a session with the generator's instants and ids, and a unique key. */
    private static NewCallSession session(GeneratedPayloads payloads, int number) {
        Violations violations = new Violations();
        Map<String, @Nullable Object> content =
                CallRecordTypes.session().read(payloads.session(), new ReadContext(Purpose.CREATE, "", violations));
        assertThat(violations.all()).isEmpty();
        String id = "s%03d".formatted(number);
        content = new LinkedHashMap<>(content);
        content.put("id", id);
        Span span = Span.of(content);
        return new NewCallSession(new SessionKey(id, span.start().key(), "-"), span.end(), content, null);
    }

    /** Returns all sessions of a record, page by page. */
    private static List<CallSession> all(DynamoDbCallRecordStore store, CallRecord record) {
        List<CallSession> all = new ArrayList<>();
        @Nullable String after = null;
        do {
            Page<CallSession> page = store.sessions(record, true, new PageRequest(after, 7), ANY_SIZE);
            all.addAll(page.items());
            after = page.next();
        } while (after != null);
        return all;
    }
}
