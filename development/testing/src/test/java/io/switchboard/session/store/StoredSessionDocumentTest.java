package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.StoredExamples;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Json;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionSummary;
import io.switchboard.text.Seed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class StoredSessionDocumentTest {
    private static final String WITHOUT_SCHEMA = "sessions-without-schema.json";
    private static final String SCHEMA_1 = "sessions-schema-1.json";
    /** No release without a schema offered sessions to other users. */
    private static final String OFFERED = "offered to another user";

    /** Items with the summaries of desks; the documents of sessions are unchanged. */
    private static final String SUMMARIES = "sessions-with-summaries.json";

    /** The number of generated sessions. */
    private static final int SESSIONS = 2_000;

    private static final SessionLimits LIMITS = new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30));

    private static Session read(String document, Session like) {
        return StoredSessionDocument.read(like.id(), document, like.times().lastActivity(), like.version());
    }

    @ParameterizedTest
    @ValueSource(strings = {WITHOUT_SCHEMA, SCHEMA_1})
    void documents_of_every_release_can_be_read(String file) {
        Map<String, Session> expected = new HashMap<>(StoredSessionExamples.sessions());
        expected.put("CIF example, from before record sources", StoredSessionExamples.cif());
        Map<String, String> documents = StoredExamples.of(file).documents();

        if (file.equals(WITHOUT_SCHEMA)) {
            expected.remove(OFFERED);
        }
        assertThat(documents)
                .hasSizeGreaterThanOrEqualTo(
                        StoredSessionExamples.sessions().size() - (file.equals(WITHOUT_SCHEMA) ? 1 : 0));
        documents.forEach((name, document) -> {
            Session session = Objects.requireNonNull(expected.get(name), name);
            assertThat(read(document, session)).as(name).isEqualTo(session);
        });
    }

    @Test
    void documents_are_written_in_the_newest_schema() {
        Map<String, String> written = new LinkedHashMap<>();
        StoredSessionExamples.sessions()
                .forEach((name, session) -> written.put(name, StoredSessionDocument.write(session)));

        assertThat(written).containsExactlyEntriesOf(StoredExamples.of(SCHEMA_1).documents());
    }

    @Test
    void items_are_written_in_the_newest_schema() {
        try (DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint())) {
            String table = TestTables.sessions(client);
            StoredSessionExamples.fill(new DynamoDbSessionStore(new DynamoDb(client), table, LIMITS));

            assertThat(StoredExamples.images(client, table, "owner"))
                    .isEqualTo(StoredExamples.of(SUMMARIES).images());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WITHOUT_SCHEMA, SCHEMA_1, SUMMARIES})
    void items_and_images_of_every_release_can_be_read(String file) {
        StoredExamples examples = StoredExamples.of(file);
        InMemorySessionStore model = new InMemorySessionStore(LIMITS);
        StoredSessionExamples.fill(model);
        Instant now = StoredSessionExamples.NOW.plusSeconds(70);
        int sessions = 0;
        for (var entry : examples.items().entrySet()) {
            Map<String, AttributeValue> item = entry.getValue();
            DynamoDbSessionImage image = DynamoDbSessionImage.read(
                    Objects.requireNonNull(examples.images().get(entry.getKey())));
            switch (image) {
                case DynamoDbSessionImage.OfDesk desk -> {
                    SessionScope scope = SessionScope.all(desk.owner());
                    assertThat(desk.desk())
                            .isEqualTo(DynamoDbDeskItems.read(item).desk());
                    assertThat(desk.desk().open()).containsExactlyInAnyOrderElementsOf(openIds(model, scope, now));
                }
                case DynamoDbSessionImage.OfSession session -> {
                    SessionScope scope = SessionScope.all(session.owner());
                    sessions++;
                    assertThat(session.session())
                            .isEqualTo(DynamoDbSessionItems.read(item).session())
                            .isEqualTo(model.read(scope, session.session().id(), now)
                                    .orElseThrow()
                                    .session());
                    boolean cameFromAlice = session.owner().equals(StoredSessionExamples.BOB);
                    assertThat(session.handedOverFrom())
                            .isEqualTo(cameFromAlice ? StoredSessionExamples.ALICE.user() : null);
                }
                case DynamoDbSessionImage.Tombstone tombstone -> {
                    SessionScope scope = SessionScope.all(tombstone.owner());
                    sessions++;
                    assertThat(model.read(scope, tombstone.sessionId(), now)).isEmpty();
                    boolean isHandedOver = tombstone.sessionId().equals("handed-over");
                    assertThat(tombstone.handedOverTo())
                            .isEqualTo(isHandedOver ? StoredSessionExamples.BOB.user() : null);
                    assertThat(DynamoDbSessionItems.read(item).session().tabs().open())
                            .hasSize(isHandedOver ? 2 : 0);
                }
                case DynamoDbSessionImage.OfOffer offer -> throw new AssertionError(offer);
                case DynamoDbSessionImage.OfPresence presence -> throw new AssertionError(presence);
                case DynamoDbSessionImage.WithoutEvents other -> throw new AssertionError(other);
            }
        }
        assertThat(sessions).isEqualTo(6);
    }

    private static List<String> openIds(SessionStore store, SessionScope scope, Instant now) {
        return store.desk(scope.owner(), now).open().stream()
                .map(SessionSummary::id)
                .toList();
    }

    @Test
    void any_session_is_read_unchanged_and_never_larger_than_without_a_schema() {
        RandomSession random = new RandomSession(Seed.random("any_session_survives"));
        for (int i = 0; i < SESSIONS; i++) {
            Session session = random.next();
            String document = StoredSessionDocument.write(session);
            String before = UnnumberedSessionDocument.write(session);

            assertThat(read(document, session)).as(document).isEqualTo(session);
            assertThat(read(before, session)).as(before).isEqualTo(session);
            assertThat(StoredSessionDocument.size(session))
                    .isEqualTo(document.getBytes(StandardCharsets.UTF_8).length)
                    .isEqualTo(new NewSession(session, true, null).size())
                    .isLessThanOrEqualTo(before.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    @Test
    void any_wrap_up_and_panel_is_read_unchanged() {
        RandomSession random = new RandomSession(Seed.random("any_wrap_up_survives"));
        for (int i = 0; i < SESSIONS; i++) {
            Session session = random.nextOfThisRelease();
            String document = StoredSessionDocument.write(session);
            assertThat(read(document, session)).as(document).isEqualTo(session);
        }
    }

    @Test
    void writer_of_documents_without_a_schema_matches_the_file() {
        Map<String, String> documents = StoredExamples.of(WITHOUT_SCHEMA).documents();
        Map<String, Session> sessions = StoredSessionExamples.sessions();
        sessions.remove(OFFERED);
        sessions.forEach((name, session) ->
                assertThat(UnnumberedSessionDocument.write(session)).isEqualTo(documents.get(name)));
    }

    /** A fault or a later release must never cause a session to be stored again without some of its data. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tabs",
                "templateName",
                "provider",
                "createdDateTime",
                "schema=2",
                "schema=0",
                "schema=x",
                "title=1",
                "canClose=x",
                "tabs={}",
                "context=[]",
                "activityCount=x"
            })
    void document_with_a_missing_or_invalid_property_or_schema_is_rejected(String fault) {
        Session session = StoredSessionExamples.cif();
        Map<String, @Nullable Object> document = Json.readOwn(StoredSessionDocument.write(session));
        int equals = fault.indexOf('=');
        if (equals < 0) {
            assertThat(document).containsKey(fault);
            document.remove(fault);
        } else {
            String value = fault.substring(equals + 1);
            document.put(
                    fault.substring(0, equals),
                    switch (value) {
                        case "{}" -> Map.of();
                        case "[]" -> List.of();
                        case "x" -> "x";
                        default -> Integer.valueOf(value);
                    });
        }
        String faulty = Json.write(document);

        assertThatThrownBy(() -> read(faulty, session))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("A stored session has ");
    }
}
