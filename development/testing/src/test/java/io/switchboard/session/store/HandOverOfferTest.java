package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.FaultSweep;
import io.switchboard.dynamodb.FaultyHttpClient;
import io.switchboard.dynamodb.Race;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.dynamodb.UnitCounter;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferAttempt;
import io.switchboard.offer.OfferPurpose;
import io.switchboard.offer.OfferState;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.OfferView;
import io.switchboard.offer.OfferedHandOver;
import io.switchboard.session.Owner;
import io.switchboard.session.PendingHandOver;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionStatus;
import io.switchboard.session.SessionSummary;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hand-overs by offers: the mark of the session and the offer end together, whatever ends one of them. */
final class HandOverOfferTest {
    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::sessions);

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00.5Z");
    private static final Instant LATER = NOW.plusSeconds(5);
    private static final SessionLimits TWO = new SessionLimits(2, Duration.ofHours(24), Duration.ofDays(30));
    private static final OfferedSession NO_SESSION = (offer, owner) -> null;
    private static final Precondition ANY = Precondition.NONE;
    private static final int SECONDS = 60;

    private final UnitCounter counter = new UnitCounter(TABLE.client());
    private final FaultyHttpClient transport = TestTables.faultyTransport();
    private final OfferStore offers = new DynamoDbOfferStore(new DynamoDb(counter), TABLE.name(), TWO);
    private final SessionStore sessions = new DynamoDbSessionStore(new DynamoDb(counter), TABLE.name(), TWO);
    private final OfferStore plainOffers = new DynamoDbOfferStore(TABLE.dynamoDb(), TABLE.name(), TWO);
    private final SessionStore plainSessions = new DynamoDbSessionStore(TABLE.dynamoDb(), TABLE.name(), TWO);
    private final OfferStore faultyOffers =
            new DynamoDbOfferStore(TestTables.withoutPauses(TABLE.client(transport)), TABLE.name(), TWO);
    private final SessionStore faultySessions =
            new DynamoDbSessionStore(TestTables.withoutPauses(TABLE.client(transport)), TABLE.name(), TWO);
    private String tenant = "tenant " + UUID.randomUUID();
    private String session = UUID.randomUUID().toString();

    private SessionScope agent(String user) {
        return SessionScope.all(new Owner(tenant, user));
    }

    /** Ann has a session, in another tenant each time. */
    private void start() {
        tenant = "tenant " + UUID.randomUUID();
        session = UUID.randomUUID().toString();
        sessions.create(new Owner(tenant, "ann"), TestSessions.newSession(session, NOW), NOW);
    }

    private static HandOverPlan plan(String user, Instant now) {
        return (session, notificationId) -> new NewOffer(
                new Offer(
                        notificationId,
                        TestOffers.ROUTER,
                        TestOffers.content(0, false),
                        new OfferPurpose(
                                null,
                                null,
                                null,
                                null,
                                new OfferedHandOver(
                                        session.id(), "ann", session.origin().templateName(), "Please call back.")),
                        OfferAttempt.of(1, now, new OfferStep(List.of(user), SECONDS), List.of()),
                        List.of(),
                        null,
                        null,
                        null,
                        now,
                        List.of(),
                        1),
                null,
                true);
    }

    private ChangeOutcome handOver(OfferStore store, String user, Instant now) {
        return store.handOver(agent("ann"), session, user, plan(user, now), ANY, now);
    }

    /** Returns the id of the offer to Bob. */
    private String offered() {
        assertThat(handOver(offers, "bob", NOW)).isInstanceOf(ChangeOutcome.HandOverOffered.class);
        PendingHandOver mark = mark(NOW);
        if (mark == null) {
            throw new AssertionError("The session has no mark");
        }
        return mark.notificationId();
    }

    private Optional<SessionOnDesk> sessionOf(String user, Instant now) {
        return plainSessions.read(agent(user), session, now);
    }

    private @Nullable PendingHandOver mark(Instant now) {
        return sessionOf("ann", now).orElseThrow().session().markers().handOver();
    }

    private @Nullable PendingHandOver markOnDesk(Instant now) {
        List<SessionSummary> open =
                plainSessions.desk(new Owner(tenant, "ann"), now).open();
        assertThat(open).extracting(SessionSummary::id).containsExactly(session);
        return open.getFirst().handOver();
    }

    private OfferState state(String id, Instant now) {
        return plainOffers.readAll(tenant, id, now).orElseThrow().state();
    }

    private List<String> queueOf(String user, Instant now) {
        List<String> ids = new ArrayList<>();
        for (OfferView view : plainSessions.desk(new Owner(tenant, user), now).offers()) {
            ids.add(view.offer().id());
        }
        return ids;
    }

    private void assertAtAnn(Instant now) {
        assertThat(sessionOf("ann", now)).isPresent();
        assertThat(sessionOf("bob", now)).isEmpty();
        assertThat(mark(now)).isNull();
        assertThat(markOnDesk(now)).isNull();
        assertThat(queueOf("bob", now)).isEmpty();
    }

    private void assertAtBob(Instant now) {
        assertThat(sessionOf("ann", now)).isEmpty();
        assertThat(plainSessions.desk(new Owner(tenant, "ann"), now).open()).isEmpty();
        SessionOnDesk moved = sessionOf("bob", now).orElseThrow();
        assertThat(moved.isOpen()).isTrue();
        assertThat(moved.session().markers().handOver()).isNull();
        assertThat(moved.session().markers().focusRequested()).isTrue();
        assertThat(plainSessions.desk(new Owner(tenant, "bob"), now).open())
                .extracting(SessionSummary::id)
                .contains(session);
        assertThat(queueOf("bob", now)).isEmpty();
    }

    @Test
    void offer_marks_the_session_and_reaches_the_other_desk_with_one_read_and_one_transaction() {
        start();

        UnitCounter.Units units = counter.of(() -> handOver(offers, "bob", NOW));

        assertThat(units.roundTrips()).isEqualTo(2);
        List<String> queue = queueOf("bob", NOW);
        assertThat(queue).hasSize(1);
        assertThat(mark(NOW))
                .isEqualTo(new PendingHandOver(queue.getFirst(), "bob", NOW.plusSeconds(SECONDS)))
                .isEqualTo(markOnDesk(NOW));
        assertThat(sessionOf("ann", NOW).orElseThrow().session().version()).isEqualTo(2);
        assertThat(sessionOf("bob", NOW)).isEmpty();
    }

    @Test
    void accept_moves_the_session_with_two_reads_and_one_transaction() {
        start();
        String id = offered();
        List<OfferOutcome> outcomes = new ArrayList<>();

        UnitCounter.Units units = counter.of(() -> outcomes.add(offers.accept(agent("bob"), id, NO_SESSION, LATER)));
        outcomes.add(offers.accept(agent("bob"), id, NO_SESSION, LATER));

        assertThat(units.roundTrips()).isEqualTo(3);
        assertAtBob(LATER);
        assertThat(state(id, LATER)).isEqualTo(OfferState.ACCEPTED);
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(OfferOutcome.Accepted.class, accepted -> {
                            assertThat(accepted.view().offer().sessionId()).isEqualTo(session);
                            assertThat(accepted.session())
                                    .isEqualTo(sessionOf("bob", LATER).orElseThrow());
                        }));
        // The sender that did not learn of it repeats its request.
        assertThat(handOver(offers, "bob", LATER)).isInstanceOf(ChangeOutcome.HandedOver.class);
    }

    @Test
    void reject_and_withdrawal_end_the_mark() {
        start();
        offers.reject(agent("bob"), offered(), "busy", LATER);
        assertAtAnn(LATER);
        assertThat(sessionOf("ann", LATER).orElseThrow().session().version()).isEqualTo(3);

        start();
        offers.cancel(tenant, TestOffers.ROUTER, offered(), LATER);
        assertAtAnn(LATER);
    }

    @Test
    void mark_whose_time_is_over_is_absent_at_every_read_without_any_write() {
        start();
        String id = offered();
        Instant end = NOW.plusSeconds(SECONDS);

        assertThat(mark(end.minusNanos(1))).isNotNull();
        assertThat(markOnDesk(end.minusNanos(1))).isNotNull();
        assertAtAnn(end);
        assertThat(plainSessions
                        .list(agent("ann"), new SessionFilter(SessionStatus.OPEN, null), new PageRequest(null, 5), end)
                        .items())
                .allSatisfy(
                        each -> assertThat(each.session().markers().handOver()).isNull());
        assertThat(offers.accept(agent("bob"), id, NO_SESSION, end)).isInstanceOf(OfferOutcome.AlreadyResolved.class);
        assertThat(handOver(offers, "eve", end)).isInstanceOf(ChangeOutcome.HandOverOffered.class);
        // A late message and a late rejection do not end the mark of the second offer.
        offers.resolve(tenant, id, NO_SESSION, end.plusSeconds(1));
        offers.reject(agent("bob"), id, null, end.plusSeconds(1));
        assertThat(mark(end.plusSeconds(1))).isNotNull();
    }

    @Test
    void close_delete_and_a_move_at_once_withdraw_the_offer() {
        start();
        String closed = offered();
        sessions.close(agent("ann"), session, ANY, LATER);
        assertThat(state(closed, LATER)).isEqualTo(OfferState.CANCELLED);
        assertThat(queueOf("bob", LATER)).isEmpty();
        sessions.reopen(agent("ann"), session, ANY, LATER);
        assertAtAnn(LATER);

        start();
        String deleted = offered();
        sessions.delete(agent("ann"), session, ANY, LATER);
        assertThat(state(deleted, LATER)).isEqualTo(OfferState.CANCELLED);
        assertThat(queueOf("bob", LATER)).isEmpty();

        start();
        String moved = offered();
        sessions.handOver(agent("ann"), session, "bob", true, ANY, LATER);
        assertThat(state(moved, LATER)).isEqualTo(OfferState.CANCELLED);
        assertAtBob(LATER);

        start();
        String other = offered();
        sessions.handOver(agent("ann"), session, "eve", true, ANY, LATER);
        assertThat(state(other, LATER)).isEqualTo(OfferState.CANCELLED);
        assertThat(queueOf("bob", LATER)).isEmpty();
        assertThat(sessionOf("eve", LATER)).isPresent();
    }

    @Test
    void full_desk_refuses_the_accept_and_everything_stays() {
        start();
        for (int i = 0; i < TWO.openSessions(); i++) {
            sessions.create(new Owner(tenant, "bob"), TestSessions.newSession("other" + i, NOW), NOW);
        }
        String id = offered();

        assertThat(offers.accept(agent("bob"), id, NO_SESSION, LATER)).isEqualTo(new OfferOutcome.LimitReached(2));

        assertThat(state(id, LATER)).isEqualTo(OfferState.DISPLAYED);
        assertThat(mark(LATER)).isNotNull();
        sessions.close(agent("bob"), "other0", ANY, LATER);
        assertThat(offers.accept(agent("bob"), id, NO_SESSION, LATER)).isInstanceOf(OfferOutcome.Accepted.class);
        assertAtBob(LATER);
    }

    @Test
    void plan_that_fails_at_the_accept_leaves_everything() {
        start();
        String id = offered();

        assertThatThrownBy(() -> offers.accept(
                        agent("bob"),
                        id,
                        (offer, owner) -> {
                            throw new IllegalStateException("not in the profile");
                        },
                        LATER))
                .hasMessage("not in the profile");

        assertThat(state(id, LATER)).isEqualTo(OfferState.DISPLAYED);
        assertThat(mark(LATER)).isNotNull();
    }

    @Test
    void full_queue_rejects_the_offer_and_the_session_has_no_mark() {
        start();
        for (int i = 0; i < 11; i++) {
            Offer offer = TestOffers.offer(UUID.randomUUID().toString(), NOW, 600, List.of("bob"));
            offers.create(tenant, new NewOffer(offer, null, true), NO_SESSION, NOW);
        }

        ChangeOutcome outcome = handOver(offers, "bob", NOW);

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        ChangeOutcome.HandOverOffered.class,
                        offered -> assertThat(offered.isPending()).isFalse());
        assertThat(mark(NOW)).isNull();
        assertThat(plainOffers
                        .list(tenant, TestOffers.ROUTER, OfferState.REJECTED, new PageRequest(null, 5), NOW)
                        .items())
                .hasSize(1);
    }

    @Test
    void second_hand_over_to_the_same_user_repeats_and_to_another_user_conflicts() {
        start();
        String id = offered();

        assertThat(handOver(offers, "bob", LATER))
                .isInstanceOfSatisfying(
                        ChangeOutcome.HandOverOffered.class,
                        again -> assertThat(again.session().session().markers().handOver())
                                .extracting(mark -> mark == null ? "" : mark.notificationId())
                                .isEqualTo(id));
        assertThat(queueOf("bob", LATER)).containsExactly(id);
        assertThat(handOver(offers, "eve", LATER)).isInstanceOf(ChangeOutcome.HandOverPending.class);
        assertThat(queueOf("eve", LATER)).isEmpty();
    }

    @Test
    void session_that_became_idle_is_not_handed_over() {
        start();
        Instant idle = NOW.plus(TWO.idle()).minusSeconds(10);
        assertThat(handOver(offers, "bob", NOW.plus(TWO.idle()))).isInstanceOf(ChangeOutcome.AlreadyClosed.class);
        assertThat(handOver(offers, "bob", idle)).isInstanceOf(ChangeOutcome.HandOverOffered.class);
    }

    @Test
    void accept_and_close_race_and_the_session_has_one_place() {
        for (int round = 0; round < 5; round++) {
            start();
            String id = offered();

            List<Object> outcomes = Race.run(
                    8,
                    i -> i % 2 == 0
                            ? plainOffers.accept(agent("bob"), id, NO_SESSION, LATER)
                            : plainSessions.close(agent("ann"), session, ANY, LATER));

            boolean isAccepted = state(id, LATER) == OfferState.ACCEPTED;
            for (Object outcome : outcomes) {
                assertThat(outcome)
                        .isInstanceOfAny(
                                isAccepted ? OfferOutcome.Accepted.class : OfferOutcome.AlreadyResolved.class,
                                isAccepted ? ChangeOutcome.NotFound.class : ChangeOutcome.Done.class);
            }
            if (isAccepted) {
                assertAtBob(LATER);
            } else {
                assertThat(state(id, LATER)).isEqualTo(OfferState.CANCELLED);
                assertThat(sessionOf("ann", LATER).orElseThrow().isOpen()).isFalse();
                assertThat(sessionOf("bob", LATER)).isEmpty();
                assertThat(queueOf("bob", LATER)).isEmpty();
            }
        }
    }

    @Test
    void accept_reject_and_withdrawal_race_and_one_wins() {
        for (int round = 0; round < 5; round++) {
            start();
            String id = offered();

            Race.run(
                    9,
                    i -> i % 3 == 0
                            ? plainOffers.accept(agent("bob"), id, NO_SESSION, LATER)
                            : i % 3 == 1
                                    ? plainOffers.cancel(tenant, TestOffers.ROUTER, id, LATER)
                                    : plainOffers.reject(agent("bob"), id, null, LATER));

            if (state(id, LATER) == OfferState.ACCEPTED) {
                assertAtBob(LATER);
            } else {
                assertAtAnn(LATER);
            }
        }
    }

    @Test
    void hand_overs_at_once_make_one_offer() {
        start();

        List<ChangeOutcome> outcomes = Race.run(16, i -> handOver(plainOffers, i % 2 == 0 ? "bob" : "eve", NOW));

        String winner = Objects.requireNonNull(
                        sessionOf("ann", NOW).orElseThrow().session().markers().handOver())
                .userId();
        String loser = winner.equals("bob") ? "eve" : "bob";
        assertThat(queueOf(winner, NOW)).hasSize(1);
        assertThat(queueOf(loser, NOW)).isEmpty();
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i))
                    .isInstanceOf(
                            winner.equals(i % 2 == 0 ? "bob" : "eve")
                                    ? ChangeOutcome.HandOverOffered.class
                                    : ChangeOutcome.HandOverPending.class);
        }
    }

    @Test
    void each_step_happens_once_under_faults() {
        FaultSweep.run(transport, () -> {
            start();
            return () -> {
                assertThat(handOver(faultyOffers, "bob", NOW)).isInstanceOf(ChangeOutcome.HandOverOffered.class);
                assertThat(mark(NOW)).isNotNull();
                assertThat(queueOf("bob", NOW)).hasSize(1);
                assertThat(sessionOf("ann", NOW).orElseThrow().session().version())
                        .isEqualTo(2);
            };
        });
        FaultSweep.run(transport, () -> {
            start();
            String id = offered();
            return () -> {
                assertThat(faultyOffers.accept(agent("bob"), id, NO_SESSION, LATER))
                        .isInstanceOf(OfferOutcome.Accepted.class);
                assertAtBob(LATER);
            };
        });
        FaultSweep.run(transport, () -> {
            start();
            String id = offered();
            return () -> {
                assertThat(faultyOffers.reject(agent("bob"), id, null, LATER)).isInstanceOf(OfferOutcome.Done.class);
                assertAtAnn(LATER);
            };
        });
        FaultSweep.run(transport, () -> {
            start();
            String id = offered();
            return () -> {
                assertThat(faultyOffers.cancel(tenant, TestOffers.ROUTER, id, LATER))
                        .isInstanceOf(OfferOutcome.Done.class);
                assertAtAnn(LATER);
            };
        });
        FaultSweep.run(transport, () -> {
            start();
            String id = offered();
            return () -> {
                assertThat(faultySessions.close(agent("ann"), session, ANY, LATER))
                        .isInstanceOf(ChangeOutcome.Done.class);
                assertThat(state(id, LATER)).isEqualTo(OfferState.CANCELLED);
                assertThat(queueOf("bob", LATER)).isEmpty();
            };
        });
        FaultSweep.run(transport, () -> {
            start();
            String id = offered();
            return () -> {
                assertThat(faultySessions.handOver(agent("ann"), session, "bob", true, ANY, LATER))
                        .isInstanceOf(ChangeOutcome.HandedOver.class);
                assertThat(state(id, LATER)).isEqualTo(OfferState.CANCELLED);
                assertAtBob(LATER);
            };
        });
    }

    @Test
    void marked_session_and_its_summary_stay_readable_as_they_were_stored() {
        start();
        PendingHandOver expected = new PendingHandOver(offered(), "bob", NOW.plusSeconds(SECONDS));
        Session stored = sessionOf("ann", NOW).orElseThrow().session();

        assertThat(StoredSessionDocument.read(
                        session,
                        StoredSessionDocument.write(stored),
                        stored.times().lastActivity(),
                        stored.version()))
                .isEqualTo(stored);
        assertThat(stored.markers().handOver()).isEqualTo(expected);
        assertThat(markOnDesk(NOW)).isEqualTo(expected);
    }
}
