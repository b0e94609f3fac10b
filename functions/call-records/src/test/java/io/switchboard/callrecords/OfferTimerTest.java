package io.switchboard.callrecords;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferState;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.OfferTimer;
import io.switchboard.offer.OfferView;
import io.switchboard.presence.Presence;
import io.switchboard.presence.PresenceContent;
import io.switchboard.presence.PresenceTimer;
import io.switchboard.replay.QueueEvent;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbOfferStore;
import io.switchboard.session.store.DynamoDbPresenceStore;
import io.switchboard.session.store.NewOffer;
import io.switchboard.session.store.OfferStore;
import io.switchboard.session.store.OfferedSession;
import io.switchboard.session.store.PresenceStore;
import io.switchboard.session.store.TestOffers;
import io.switchboard.template.BasicState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The function resolves offers in a table of sessions. The store's own tests cover the rules. */
final class OfferTimerTest {
    private static final OfferedSession NO_SESSION = (offer, owner) -> null;

    private final DynamoDbClient client = TestTables.client(EmbeddedDynamoDb.sharedEndpoint());
    private final String sessions = TestTables.sessions(client);
    private final OfferStore store = new DynamoDbOfferStore(
            new DynamoDb(client), sessions, new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30)));
    private final QueueServer queues = new QueueServer();
    private final SweepCallRecords function = new SweepCallRecords(environment());

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(queues.environment());
        environment.put("CALL_RECORDS_TABLE", "CallRecords");
        environment.put("SESSIONS_TABLE", sessions);
        environment.put(
                "AWS_ENDPOINT_URL_DYNAMODB", EmbeddedDynamoDb.sharedEndpoint().toString());
        return environment;
    }

    @AfterEach
    void close() {
        queues.close();
        client.close();
    }

    @Test
    void next_user_gets_the_offer_when_the_timer_is_due_and_only_then() {
        Instant created = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(20);
        Offer offer = TestOffers.offer(
                UUID.randomUUID().toString(),
                created,
                TestOffers.content(20, false),
                new OfferStep(List.of("ann"), 3_600),
                List.of(new OfferStep(List.of("eve"), 3_600)));
        store.create("contoso", new NewOffer(offer, null, true), NO_SESSION, created);
        String message = new OfferTimer("contoso", offer.id(), created.plusSeconds(20)).message();

        for (int delivery = 0; delivery < 2; delivery++) {
            assertThat(QueueEvent.of(message).sendTo(function).failed()).isEmpty();
        }

        OfferView view = store.readAll("contoso", offer.id(), Instant.now()).orElseThrow();
        assertThat(view.standings())
                .extracting(standing -> standing.userId() + " " + standing.state())
                .containsExactly("eve " + OfferState.DISPLAYED);
        assertThat(view.offer().version()).isEqualTo(2);
        assertThat(view.offer().attempt().start()).isEqualTo(created.plusSeconds(20));
    }

    @Test
    void presence_that_was_not_renewed_ends_when_its_timer_is_due() {
        PresenceStore presences = new DynamoDbPresenceStore(
                new DynamoDb(client), sessions, new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30)));
        Owner ann = new Owner("contoso", "ann");
        Instant set = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(200);
        PresenceContent busy = new PresenceContent(BasicState.BUSY, null, null);
        presences.setPresence(ann, busy, Presence.USUAL_LIFE, () -> {}, set);
        String message = new PresenceTimer("contoso", "ann", 1, set.plusSeconds(120)).message();

        for (int delivery = 0; delivery < 2; delivery++) {
            assertThat(QueueEvent.of(message).sendTo(function).failed()).isEmpty();
        }

        assertThat(presences.presence(ann, set))
                .as("stored, and not only read as expired")
                .isEqualTo(new Presence(PresenceContent.OFFLINE, set.plusSeconds(120), null, 2));
    }

    @Test
    void timer_of_a_missing_offer_does_nothing() {
        String message = new OfferTimer("contoso", UUID.randomUUID().toString(), Instant.EPOCH).message();

        assertThat(QueueEvent.of(message).sendTo(function).failed()).isEmpty();
    }
}
