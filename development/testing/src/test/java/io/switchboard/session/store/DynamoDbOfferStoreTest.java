package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Race;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.dynamodb.UnitCounter;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferEnd;
import io.switchboard.offer.OfferResult;
import io.switchboard.offer.OfferState;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.OfferView;
import io.switchboard.offer.SenderId;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.TestTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class DynamoDbOfferStoreTest {
    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::sessions);

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00.5Z");
    private static final SessionLimits TWO = new SessionLimits(2, Duration.ofHours(24), Duration.ofDays(30));
    private static final OfferedSession SESSION =
            (offer, owner) -> TestSessions.newSession("session-of-" + offer.id(), NOW);

    private final UnitCounter counter = new UnitCounter(TABLE.client());
    private final OfferStore store = new DynamoDbOfferStore(new DynamoDb(counter), TABLE.name(), TWO);
    private final SessionStore sessions = new DynamoDbSessionStore(new DynamoDb(counter), TABLE.name(), TWO);
    private final String tenant = "tenant " + UUID.randomUUID();

    private static Instant after(int seconds) {
        return NOW.plusSeconds(seconds);
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private Owner owner(String user) {
        return new Owner(tenant, user);
    }

    private SessionScope agent(String user) {
        return SessionScope.all(owner(user));
    }

    private OfferOutcome create(Offer offer, Instant now) {
        return store.create(tenant, new NewOffer(offer, null, true), SESSION, now);
    }

    private String offered(int expiresInSeconds, Instant now, String... users) {
        Offer offer = TestOffers.offer(id(), now, expiresInSeconds, List.of(users));
        assertThat(create(offer, now)).isInstanceOf(OfferOutcome.Created.class);
        return offer.id();
    }

    private DeskView desk(String user, Instant now) {
        return sessions.desk(owner(user), now);
    }

    private List<String> onDesk(String user, Instant now) {
        List<String> found = new ArrayList<>();
        for (OfferView view : desk(user, now).offers()) {
            found.add(view.offer().id() + " " + standing(view, user).state().text() + " "
                    + standing(view, user).position());
        }
        return found;
    }

    private static OfferView.Standing standing(OfferView view, String user) {
        OfferView.@Nullable Standing standing = view.standing(user);
        if (standing == null) {
            throw new AssertionError(user + " is not a target of " + view);
        }
        return standing;
    }

    private OfferView read(String id, Instant now) {
        return store.readAll(tenant, id, now).orElseThrow();
    }

    private String states(String id, Instant now) {
        OfferView view = read(id, now);
        StringBuilder states = new StringBuilder(view.state().text());
        for (OfferView.Standing standing : view.standings()) {
            states.append(' ')
                    .append(standing.userId())
                    .append('=')
                    .append(standing.state().text());
        }
        return states.toString();
    }

    @Test
    void offer_is_displayed_on_every_desk_with_one_read_and_one_transaction() {
        List<String> users = new ArrayList<>();
        for (int i = 0; i < Offer.MOST_USERS; i++) {
            users.add("agent" + i);
        }
        Offer offer = TestOffers.offer(id(), NOW, 60, users);

        UnitCounter.Units units = counter.of(() -> create(offer, NOW));

        assertThat(units.roundTrips()).isEqualTo(2);
        assertThat(read(offer.id(), NOW).standings())
                .hasSize(25)
                .allMatch(standing -> standing.state() == OfferState.DISPLAYED);
        assertThat(onDesk("agent24", NOW)).containsExactly(offer.id() + " displayed 0");
    }

    @Test
    void created_offer_names_the_users_who_had_no_desk() {
        offered(60, NOW, "ann");
        Offer offer = TestOffers.offer(id(), NOW, 60, List.of("ann", "bob"));

        OfferOutcome strict = store.create(tenant, new NewOffer(offer, null, false), SESSION, NOW);
        OfferOutcome created = create(offer, NOW);

        assertThat(strict).isEqualTo(new OfferOutcome.UnknownUsers(List.of("bob")));
        assertThat(created)
                .isInstanceOfSatisfying(
                        OfferOutcome.Created.class,
                        outcome -> assertThat(outcome.unknownUsers()).containsExactly("bob"));
    }

    @Test
    void desk_shows_one_offer_and_queues_ten() {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            expected.add(offered(600, NOW, "ann") + (i == 0 ? " displayed 0" : " queued " + i));
        }
        String twelfth = offered(600, NOW, "ann");

        assertThat(onDesk("ann", NOW)).isEqualTo(expected);
        assertThat(read(twelfth, NOW).offer().end()).isEqualTo(new OfferEnd(OfferResult.QUEUE_LIMIT, NOW));
        assertThat(states(twelfth, NOW)).isEqualTo("rejected ann=rejected");
    }

    @Test
    void desk_without_offers_costs_what_it_cost() {
        sessions.create(owner("ann"), TestSessions.newSession(id(), NOW), NOW);

        UnitCounter.Units none = counter.of(() -> desk("ann", NOW));
        String offer = offered(60, NOW, "ann");
        UnitCounter.Units one = counter.of(() -> desk("ann", NOW));
        store.reject(agent("ann"), offer, null, NOW);
        UnitCounter.Units again = counter.of(() -> desk("ann", NOW));

        assertThat(none).isEqualTo(new UnitCounter.Units(0, 0, 1, 1));
        assertThat(again).isEqualTo(none);
        assertThat(one.roundTrips()).isEqualTo(2);
    }

    @Test
    void accept_opens_the_session_with_one_read_and_one_transaction() {
        String first = offered(60, NOW, "ann", "bob", "eve");
        String second = offered(60, NOW, "ann");

        List<OfferOutcome> outcomes = new ArrayList<>();
        UnitCounter.Units units = counter.of(() -> outcomes.add(store.accept(agent("ann"), first, SESSION, after(5))));

        assertThat(units.roundTrips()).isEqualTo(2);
        assertThat(outcomes.getFirst()).isInstanceOfSatisfying(OfferOutcome.Accepted.class, accepted -> {
            assertThat(accepted.session()).isNotNull();
            assertThat(accepted.view().offer().sessionId()).isEqualTo("session-of-" + first);
        });
        assertThat(desk("ann", after(5)).open()).hasSize(1);
        assertThat(desk("ann", after(5)).focusedSessionId()).isEqualTo("session-of-" + first);
        assertThat(states(first, after(5))).isEqualTo("accepted ann=accepted bob=cancelled eve=cancelled");
        assertThat(onDesk("ann", after(5))).containsExactly(second + " displayed 0");
        assertThat(onDesk("bob", after(5))).isEmpty();
    }

    @Test
    void accept_again_returns_the_same_and_others_are_too_late() {
        String id = offered(60, NOW, "ann", "bob");
        OfferOutcome first = store.accept(agent("ann"), id, SESSION, after(1));

        OfferOutcome again = store.accept(agent("ann"), id, SESSION, after(2));

        assertThat(again).isEqualTo(first);
        assertThat(store.accept(agent("bob"), id, SESSION, after(2))).isInstanceOf(OfferOutcome.AlreadyResolved.class);
        assertThat(store.reject(agent("ann"), id, null, after(2))).isInstanceOf(OfferOutcome.AlreadyResolved.class);
        assertThat(store.accept(agent("carl"), id, SESSION, after(2))).isInstanceOf(OfferOutcome.NotFound.class);
        assertThat(store.accept(new SessionScope(owner("ann"), "other"), id, SESSION, after(2)))
                .isInstanceOf(OfferOutcome.NotFound.class);
        assertThat(desk("ann", after(2)).open()).hasSize(1);
    }

    @Test
    void accept_on_a_full_desk_leaves_the_offer() {
        sessions.create(owner("ann"), TestSessions.newSession(id(), NOW), NOW);
        String open = id();
        sessions.create(owner("ann"), TestSessions.newSession(open, NOW), NOW);
        String id = offered(60, NOW, "ann");

        OfferOutcome full = store.accept(agent("ann"), id, SESSION, NOW);
        sessions.close(agent("ann"), open, Precondition.NONE, NOW);

        assertThat(full).isEqualTo(new OfferOutcome.LimitReached(2));
        assertThat(states(id, NOW)).isEqualTo("displayed ann=displayed");
        assertThat(store.accept(agent("ann"), id, SESSION, NOW)).isInstanceOf(OfferOutcome.Accepted.class);
    }

    @Test
    void accept_whose_session_cannot_be_created_leaves_the_offer() {
        String id = offered(60, NOW, "ann");

        assertThatThrownBy(() -> store.accept(
                        agent("ann"),
                        id,
                        (offer, owner) -> {
                            throw new IllegalArgumentException("the profile does not have the template");
                        },
                        NOW))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(states(id, NOW)).isEqualTo("displayed ann=displayed");
    }

    @Test
    void reject_ends_the_offer_for_one_user_and_the_last_reject_for_all() {
        String id = offered(60, NOW, "ann", "bob");

        assertThat(store.reject(agent("ann"), id, "lunch", after(1))).isInstanceOf(OfferOutcome.Done.class);
        assertThat(states(id, after(1))).isEqualTo("displayed ann=rejected bob=displayed");
        assertThat(store.reject(agent("ann"), id, "lunch", after(2))).isInstanceOf(OfferOutcome.Done.class);
        assertThat(store.reject(agent("bob"), id, null, after(3))).isInstanceOf(OfferOutcome.Done.class);

        assertThat(states(id, after(3))).isEqualTo("rejected ann=rejected bob=rejected");
        assertThat(standing(read(id, after(3)), "ann").end())
                .isEqualTo(new OfferEnd(OfferResult.DECLINED, after(1), "lunch"));
        assertThat(onDesk("ann", after(3))).isEmpty();
    }

    @Test
    void deadlines_are_judged_without_any_message() {
        String first = offered(600, NOW, "ann");
        String second = offered(30, NOW, "ann");
        String third = offered(600, NOW, "ann");

        assertThat(onDesk("ann", after(19)))
                .containsExactly(first + " displayed 0", second + " queued 1", third + " queued 2");
        assertThat(onDesk("ann", after(20))).containsExactly(second + " displayed 0", third + " queued 1");
        assertThat(onDesk("ann", after(30))).containsExactly(third + " displayed 0");
        assertThat(onDesk("ann", after(50))).isEmpty();
        assertThat(read(first, after(20)).offer().end())
                .isEqualTo(new OfferEnd(OfferResult.DISPLAY_TIMEOUT, after(20)));
        assertThat(store.accept(agent("ann"), first, SESSION, after(20)))
                .isInstanceOf(OfferOutcome.AlreadyResolved.class);
        assertThat(store.reject(agent("ann"), second, null, after(30)))
                .isInstanceOf(OfferOutcome.AlreadyResolved.class);
        assertThat(store.accept(agent("ann"), third, SESSION, after(49))).isInstanceOf(OfferOutcome.Accepted.class);
    }

    @Test
    void offer_that_expires_in_the_queue_was_never_displayed() {
        offered(600, NOW, "ann");
        String second = offered(10, NOW, "ann");

        assertThat(read(second, after(10)).offer().end()).isEqualTo(new OfferEnd(OfferResult.QUEUE_TIMEOUT, after(10)));
    }

    @Test
    void resolving_early_late_or_twice_changes_no_answer() {
        String first = offered(600, NOW, "ann", "bob");
        String second = offered(30, NOW, "ann");
        offered(600, NOW, "bob");
        String before = states(first, after(25)) + states(second, after(25)) + onDesk("ann", after(25));

        store.resolve(tenant, first, SESSION, after(1));
        store.resolve(tenant, first, SESSION, after(25));
        store.resolve(tenant, first, SESSION, after(25));
        store.resolve(tenant, second, SESSION, after(25));

        assertThat(states(first, after(25)) + states(second, after(25)) + onDesk("ann", after(25)))
                .isEqualTo(before);
        assertThat(read(first, after(25)).offer().version()).isEqualTo(2);
        assertThat(onDesk("ann", after(30))).isEmpty();
    }

    @Test
    void timeout_offers_it_to_the_next_users() {
        Offer offer = TestOffers.offer(
                id(),
                NOW,
                TestOffers.content(20, false),
                new OfferStep(List.of("ann"), 60),
                List.of(new OfferStep(List.of("eve"), 30), new OfferStep(List.of("ann", "bob"), 10)));
        create(offer, NOW);

        store.resolve(tenant, offer.id(), SESSION, after(20));

        assertThat(read(offer.id(), after(20)).offer().attempt().number()).isEqualTo(2);
        assertThat(onDesk("eve", after(20))).containsExactly(offer.id() + " displayed 0");
        assertThat(onDesk("ann", after(20))).isEmpty();
        assertThat(standing(store.read(tenant, offer.id(), "ann", after(21)).orElseThrow(), "ann")
                        .state())
                .isEqualTo(OfferState.TIMED_OUT);
        assertThat(store.accept(agent("ann"), offer.id(), SESSION, after(21)))
                .isInstanceOf(OfferOutcome.AlreadyResolved.class);

        store.reject(agent("eve"), offer.id(), null, after(25));
        store.resolve(tenant, offer.id(), SESSION, after(25));

        assertThat(states(offer.id(), after(25))).isEqualTo("displayed ann=displayed bob=displayed");
        assertThat(read(offer.id(), after(25)).offer().attempt().number()).isEqualTo(3);
        assertThat(states(offer.id(), after(35))).isEqualTo("timedOut ann=timedOut bob=timedOut");
        assertThat(store.accept(agent("ann"), offer.id(), SESSION, after(34)))
                .isInstanceOf(OfferOutcome.Accepted.class);
    }

    @Test
    void attempts_follow_from_the_deadlines_if_messages_are_lost_or_late() {
        Offer offer = TestOffers.offer(
                id(),
                NOW,
                TestOffers.content(0, false),
                new OfferStep(List.of("ann"), 10),
                List.of(new OfferStep(List.of("eve"), 10), new OfferStep(List.of("bob"), 10)));
        create(offer, NOW);

        assertThat(states(offer.id(), after(15))).isEqualTo("queued eve=queued");
        assertThat(states(offer.id(), after(25))).isEqualTo("queued bob=queued");
        assertThat(states(offer.id(), after(30))).isEqualTo("timedOut bob=timedOut");
        assertThat(store.accept(agent("eve"), offer.id(), SESSION, after(15)))
                .isInstanceOf(OfferOutcome.Accepted.class);
        assertThat(desk("eve", after(15)).open()).hasSize(1);
    }

    @Test
    void users_of_the_next_attempt_answer_even_if_its_message_is_late() {
        List<OfferStep> next = List.of(new OfferStep(List.of("ann", "eve"), 60));
        OfferStep first = new OfferStep(List.of("ann", "bob"), 600);
        Offer rejected = TestOffers.offer(id(), NOW, TestOffers.content(20, false), first, next);
        // Only the desks know that it is displayed from second 20 on, and therefore when its attempt ends.
        Offer accepted = TestOffers.offer(id(), NOW, TestOffers.content(20, false), first, next);
        create(rejected, NOW);
        create(accepted, NOW);

        assertThat(states(rejected.id(), after(20))).isEqualTo("queued ann=queued eve=queued");
        assertThat(store.reject(agent("ann"), rejected.id(), null, after(20))).isInstanceOf(OfferOutcome.Done.class);
        assertThat(states(rejected.id(), after(20))).isEqualTo("queued ann=rejected eve=queued");

        assertThat(store.accept(agent("eve"), accepted.id(), SESSION, after(39)))
                .isInstanceOf(OfferOutcome.NotFound.class);
        OfferView view = store.read(tenant, accepted.id(), "eve", after(40)).orElseThrow();
        assertThat(standing(view, "eve").state()).isEqualTo(OfferState.QUEUED);
        assertThat(store.accept(agent("eve"), accepted.id(), SESSION, after(40)))
                .isInstanceOf(OfferOutcome.Accepted.class);
        assertThat(states(accepted.id(), after(40))).isEqualTo("accepted ann=cancelled eve=accepted");
    }

    @Test
    void full_desk_is_followed_by_the_next_users() {
        for (int i = 0; i < 11; i++) {
            offered(600, NOW, "ann");
        }
        Offer offer = TestOffers.offer(
                id(),
                NOW,
                TestOffers.content(20, false),
                new OfferStep(List.of("ann"), 60),
                List.of(new OfferStep(List.of("ann"), 60), new OfferStep(List.of("eve"), 30)));
        create(offer, NOW);

        store.resolve(tenant, offer.id(), SESSION, NOW);

        assertThat(read(offer.id(), NOW).offer().attempt().number()).isEqualTo(3);
        assertThat(onDesk("eve", NOW)).containsExactly(offer.id() + " displayed 0");
    }

    @Test
    void cancel_takes_the_offer_from_all_desks() {
        String first = offered(60, NOW, "ann", "bob");
        String second = offered(60, NOW, "ann");

        assertThat(store.cancel(tenant, new SenderId("router", "someone"), first, NOW))
                .isInstanceOf(OfferOutcome.NotFound.class);
        assertThat(store.cancel(tenant, TestOffers.ROUTER, first, after(1))).isInstanceOf(OfferOutcome.Done.class);
        assertThat(store.cancel(tenant, TestOffers.ROUTER, first, after(2))).isInstanceOf(OfferOutcome.Done.class);

        assertThat(states(first, after(2))).isEqualTo("cancelled ann=cancelled bob=cancelled");
        assertThat(onDesk("ann", after(2))).containsExactly(second + " displayed 0");
        assertThat(standing(read(second, after(2)), "ann").displayed()).isEqualTo(after(1));
        assertThat(onDesk("bob", after(2))).isEmpty();
    }

    @Test
    void cancel_by_token_ends_the_pending_offers_only() {
        String accepted = offered(60, NOW, "ann");
        store.accept(agent("ann"), accepted, SESSION, NOW);
        String pending = offered(60, NOW, "ann");

        store.cancelAll(tenant, TestOffers.ROUTER, "other", NOW);
        assertThat(states(pending, NOW)).isEqualTo("displayed ann=displayed");
        store.cancelAll(tenant, TestOffers.ROUTER, "t-1", NOW);

        assertThat(states(pending, NOW)).isEqualTo("cancelled ann=cancelled");
        assertThat(states(accepted, NOW)).isEqualTo("accepted ann=accepted");
        assertThat(store.cancel(tenant, TestOffers.ROUTER, accepted, NOW))
                .isInstanceOf(OfferOutcome.AlreadyResolved.class);
    }

    @Test
    void automatic_accept_happens_in_the_write_that_displays_the_offer() {
        Offer offer = TestOffers.offer(
                id(), NOW, TestOffers.content(20, true), new OfferStep(List.of("ann", "bob"), 60), List.of());
        offered(600, NOW, "ann");

        UnitCounter.Units units = counter.of(() -> create(offer, NOW));

        assertThat(units.roundTrips()).isEqualTo(2);
        assertThat(states(offer.id(), NOW)).isEqualTo("accepted ann=cancelled bob=accepted");
        assertThat(read(offer.id(), NOW).offer().end()).isEqualTo(new OfferEnd(OfferResult.AUTO_ACCEPT, NOW));
        assertThat(desk("bob", NOW).open()).hasSize(1);
        assertThat(onDesk("ann", NOW)).hasSize(1);
    }

    @Test
    void automatic_accept_of_a_queued_offer_happens_when_it_is_resolved() {
        offered(600, NOW, "ann");
        Offer offer = TestOffers.offer(
                id(), NOW, TestOffers.content(20, true), new OfferStep(List.of("ann"), 600), List.of());
        create(offer, NOW);

        store.resolve(tenant, offer.id(), SESSION, after(19));
        assertThat(states(offer.id(), after(19))).isEqualTo("queued ann=queued");
        store.resolve(tenant, offer.id(), SESSION, after(20));

        assertThat(states(offer.id(), after(20))).isEqualTo("accepted ann=accepted");
        assertThat(desk("ann", after(20)).open()).hasSize(1);
    }

    @Test
    void automatic_accept_that_is_not_possible_leaves_the_offer_displayed() {
        Offer offer =
                TestOffers.offer(id(), NOW, TestOffers.content(20, true), new OfferStep(List.of("ann"), 60), List.of());
        store.create(
                tenant,
                new NewOffer(offer, null, true),
                (made, owner) -> {
                    throw new OfferedSession.NotPossible(new IllegalStateException());
                },
                NOW);
        sessions.create(owner("ann"), TestSessions.newSession(id(), NOW), NOW);
        sessions.create(owner("ann"), TestSessions.newSession(id(), NOW), NOW);
        store.resolve(tenant, offer.id(), SESSION, NOW);

        assertThat(states(offer.id(), NOW)).isEqualTo("displayed ann=displayed");
    }

    @Test
    void replay_returns_the_offer_as_it_is_now() {
        Offer offer = TestOffers.offer(id(), NOW, 60, List.of("ann"));
        store.create(tenant, new NewOffer(offer, "hash", true), SESSION, NOW);
        store.reject(agent("ann"), offer.id(), null, NOW);

        OfferOutcome replayed = store.create(tenant, new NewOffer(offer, "hash", true), SESSION, after(1));
        OfferOutcome reused = store.create(tenant, new NewOffer(offer, "other", true), SESSION, after(1));

        assertThat(replayed)
                .isInstanceOfSatisfying(
                        OfferOutcome.Replayed.class,
                        outcome -> assertThat(outcome.view().state()).isEqualTo(OfferState.REJECTED));
        assertThat(reused).isInstanceOf(OfferOutcome.KeyReused.class);
        assertThat(store.replay(tenant, offer.id(), "hash", after(1))).contains(replayed);
        assertThat(onDesk("ann", after(1))).isEmpty();
    }

    @Test
    void offers_are_listed_latest_first_by_state_and_page() {
        String first = offered(60, NOW, "ann");
        String second = offered(60, after(1), "bob");
        String third = offered(60, after(2), "ann");
        store.reject(agent("bob"), second, null, after(3));

        assertThat(listed(null, 2, after(3))).containsExactly(third, second, first);
        assertThat(listed(OfferState.DISPLAYED, 100, after(3))).containsExactly(first);
        assertThat(listed(OfferState.QUEUED, 1, after(3))).containsExactly(third);
        assertThat(listed(OfferState.REJECTED, 1, after(3))).containsExactly(second);
        assertThat(listed(OfferState.TIMED_OUT, 1, after(3_700))).containsExactly(third, first);
        assertThat(store.list(tenant, new SenderId("router", "ann"), null, new PageRequest(null, 100), after(3))
                        .items())
                .isEmpty();
    }

    private List<String> listed(@Nullable OfferState state, int size, Instant now) {
        List<String> ids = new ArrayList<>();
        @Nullable String after = null;
        do {
            var page = store.list(tenant, TestOffers.ROUTER, state, new PageRequest(after, size), now);
            page.items().forEach(view -> ids.add(view.offer().id()));
            after = page.next();
        } while (after != null);
        return ids;
    }

    @Test
    void resolved_offer_is_kept_for_a_day() {
        String id = offered(60, NOW, "ann");
        Instant end = after(20).plus(Duration.ofHours(24));

        assertThat(store.readAll(tenant, id, end.minusMillis(1))).isPresent();
        assertThat(store.readAll(tenant, id, end)).isEmpty();
        assertThat(store.read(tenant, id, "ann", end)).isEmpty();
        assertThat(listed(null, 10, end)).isEmpty();
        assertThat(store.accept(agent("ann"), id, SESSION, end)).isInstanceOf(OfferOutcome.NotFound.class);
    }

    @Test
    void sixty_four_callers_accept_one_offer_and_one_wins() {
        String[] users = new String[Offer.MOST_USERS];
        for (int i = 0; i < users.length; i++) {
            users[i] = "agent" + i;
        }
        OfferStore plain = new DynamoDbOfferStore(TABLE.dynamoDb(), TABLE.name(), TWO);
        String id = offered(600, NOW, users);

        List<OfferOutcome> outcomes =
                Race.run(Race.CALLERS, i -> plain.accept(agent(users[i % users.length]), id, SESSION, after(1)));

        String winner = String.valueOf(read(id, after(1)).offer().acceptedBy());
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(outcomes.get(i))
                    .isInstanceOf(
                            users[i % users.length].equals(winner)
                                    ? OfferOutcome.Accepted.class
                                    : OfferOutcome.AlreadyResolved.class);
        }
        for (String user : users) {
            assertThat(desk(user, after(1)).open()).hasSize(user.equals(winner) ? 1 : 0);
            assertThat(onDesk(user, after(1))).isEmpty();
        }
    }

    @Test
    void accept_reject_cancel_and_expiry_race_and_one_wins() {
        OfferStore plain = new DynamoDbOfferStore(TABLE.dynamoDb(), TABLE.name(), TWO);
        for (int round = 0; round < 5; round++) {
            String user = "agent of round " + round;
            String id = offered(600, NOW, user);

            // The clocks of some callers have passed the deadline.
            List<OfferOutcome> outcomes = Race.run(16, i -> switch (i % 4) {
                case 0 -> plain.accept(agent(user), id, SESSION, after(19));
                case 1 -> plain.cancel(tenant, TestOffers.ROUTER, id, after(19));
                case 2 -> plain.reject(agent(user), id, null, after(19));
                default -> {
                    plain.resolve(tenant, id, SESSION, after(20));
                    yield new OfferOutcome.NotFound();
                }
            });

            OfferState state = read(id, after(20)).state();
            Set<Class<?>> successes = new HashSet<>();
            outcomes.forEach(outcome -> successes.add(outcome.getClass()));
            assertThat(desk(user, after(20)).open()).hasSize(state == OfferState.ACCEPTED ? 1 : 0);
            assertThat(successes.contains(OfferOutcome.Accepted.class)).isEqualTo(state == OfferState.ACCEPTED);
            assertThat(onDesk(user, after(20))).isEmpty();
        }
    }

    @Test
    void sixty_four_offers_reach_one_desk_and_eleven_stay() {
        OfferStore plain = new DynamoDbOfferStore(TABLE.dynamoDb(), TABLE.name(), TWO);

        List<OfferState> states = Race.run(Race.CALLERS, i -> {
            Offer offer = TestOffers.offer(id(), NOW, 600, List.of("ann"));
            OfferOutcome outcome = plain.create(tenant, new NewOffer(offer, null, true), SESSION, NOW);
            return outcome instanceof OfferOutcome.Created created
                    ? created.view().state()
                    : OfferState.CANCELLED;
        });

        assertThat(states.stream().filter(OfferState.DISPLAYED::equals)).hasSize(1);
        assertThat(states.stream().filter(OfferState.QUEUED::equals)).hasSize(10);
        assertThat(states.stream().filter(OfferState.REJECTED::equals)).hasSize(53);
        assertThat(onDesk("ann", NOW)).hasSize(11);
    }
}
