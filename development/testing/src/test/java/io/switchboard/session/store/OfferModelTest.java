package io.switchboard.session.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.TestTables;
import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferResult;
import io.switchboard.offer.OfferState;
import io.switchboard.offer.OfferStep;
import io.switchboard.offer.OfferView;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.TestSessions;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Runs random operations on offers in DynamoDB and on a model that moves from deadline to deadline, in the order of time.
 * The store has no such order: it computes the state from what is stored. After each operation, all desks and offers must
 * be the same. Messages of timers arrive at random, early, late, twice or not at all.
 */
final class OfferModelTest {
    private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");
    private static final SessionLimits TWO = new SessionLimits(2, Duration.ofHours(24), Duration.ofDays(30));
    private static final int WORLDS = 8;
    private static final int STEPS = Boolean.getBoolean("switchboard.long") ? 2_600 : 250;
    private static final List<String> USERS = List.of("ann", "bob", "carl", "dora");
    private static final int MOST_READ = 12;

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::sessions);

    @Test
    void random_operations_match_a_model_that_moves_from_deadline_to_deadline() throws Exception {
        SplittableRandom random = Seed.random("random_operations_on_offers");
        List<Walk> walks = new ArrayList<>();
        for (int i = 0; i < WORLDS; i++) {
            walks.add(new Walk(random.split()));
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(WORLDS)) {
            List<Future<?>> running = new ArrayList<>();
            for (Walk walk : walks) {
                running.add(executor.submit(walk::run));
            }
            for (Future<?> walk : running) {
                walk.get();
            }
        }
        Map<String, Integer> seen = new TreeMap<>();
        walks.forEach(walk -> walk.seen.forEach((what, times) -> seen.merge(what, times, Integer::sum)));
        System.out.println("random_operations_on_offers: " + seen);
        assertThat(seen)
                .containsKeys(
                        "accepted", "rejected", "cancelled", "too late", "limit", "full queue", "displayTimeout",
                        "queueTimeout", "resolved");
    }

    /** The offers of a tenant as the model knows them. */
    private static final class Model {
        /** A user of an offer. */
        private static final class Target {
            private @Nullable Instant displayed;
            private @Nullable OfferResult end;
        }

        /** An offer. */
        private static final class Entry {
            private final String id;
            private final Instant expires;
            private final int timeout;
            private final Map<String, Target> targets = new LinkedHashMap<>();

            Entry(String id, Instant expires, int timeout) {
                this.id = id;
                this.expires = expires;
                this.timeout = timeout;
            }

            boolean isPending() {
                return targets.values().stream().anyMatch(target -> target.end == null);
            }
        }

        private final Map<String, Entry> offers = new LinkedHashMap<>();
        private final Map<String, List<Entry>> desks = new TreeMap<>();
        private final Map<String, Integer> open = new TreeMap<>();
        private final Map<String, Integer> seen;
        private Instant now = START;

        Model(Map<String, Integer> seen) {
            this.seen = seen;
            USERS.forEach(user -> {
                desks.put(user, new ArrayList<>());
                open.put(user, 0);
            });
        }

        private List<Entry> desk(String user) {
            return desks.getOrDefault(user, List.of());
        }

        /** Moves to a time: ends what is due, one deadline after the other. */
        void moveTo(Instant time) {
            while (true) {
                Instant next = nextDeadline();
                if (next.isAfter(time)) {
                    now = time;
                    return;
                }
                now = next;
                for (String user : USERS) {
                    endAt(user, next);
                }
            }
        }

        private Instant nextDeadline() {
            Instant next = Instant.MAX;
            for (String user : USERS) {
                for (Entry entry : desk(user)) {
                    Instant deadline = deadline(entry, user);
                    next = deadline.isBefore(next) ? deadline : next;
                }
            }
            return next;
        }

        private static Instant deadline(Entry entry, String user) {
            @Nullable Instant displayed = target(entry, user).displayed;
            if (displayed == null || entry.timeout == 0) {
                return entry.expires;
            }
            Instant end = displayed.plusSeconds(entry.timeout);
            return end.isBefore(entry.expires) ? end : entry.expires;
        }

        private static Target target(Entry entry, String user) {
            Target target = entry.targets.get(user);
            if (target == null) {
                throw new AssertionError(user + " is not a target of " + entry.id);
            }
            return target;
        }

        /** Ends the offers of a desk that are due. Those that wait end first, so that they are not displayed any more. */
        private void endAt(String user, Instant time) {
            for (Entry entry : List.copyOf(desk(user))) {
                Target target = target(entry, user);
                if (!deadline(entry, user).isAfter(time)) {
                    OfferResult result =
                            target.displayed == null ? OfferResult.QUEUE_TIMEOUT : OfferResult.DISPLAY_TIMEOUT;
                    count(result.text());
                    target.end = result;
                    desk(user).remove(entry);
                }
            }
            displayNext(user);
        }

        private void displayNext(String user) {
            if (!desk(user).isEmpty()) {
                Target first = target(desk(user).getFirst(), user);
                first.displayed = first.displayed == null ? now : first.displayed;
            }
        }

        void end(Entry entry, String user, OfferResult result) {
            target(entry, user).end = result;
            desk(user).remove(entry);
            displayNext(user);
        }

        void create(String id, int expires, int timeout, List<String> users) {
            Entry entry = new Entry(id, now.plusSeconds(expires), timeout);
            offers.put(id, entry);
            for (String user : users) {
                Target target = new Target();
                entry.targets.put(user, target);
                if (desk(user).size() == DeskOffers.MOST) {
                    target.end = OfferResult.QUEUE_LIMIT;
                    count("full queue");
                } else {
                    desk(user).add(entry);
                    displayNext(user);
                }
            }
        }

        void count(String what) {
            seen.merge(what, 1, Integer::sum);
        }
    }

    /** A tenant with four users. */
    private static final class Walk {
        private final SplittableRandom random;
        private final OfferStore store = new DynamoDbOfferStore(TABLE.dynamoDb(), TABLE.name(), TWO);
        private final SessionStore sessions = new DynamoDbSessionStore(TABLE.dynamoDb(), TABLE.name(), TWO);
        private final String tenant = UUID.randomUUID().toString();
        private final Map<String, Integer> seen = new TreeMap<>();
        private final Model model = new Model(seen);
        private final OfferedSession session = (offer, owner) ->
                TestSessions.newSession("session of " + offer.id(), model.now);

        Walk(SplittableRandom random) {
            this.random = random;
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                model.moveTo(model.now.plusMillis(random.nextInt(10) == 0 ? 20_000 : random.nextInt(1_500)));
                switch (random.nextInt(10)) {
                    case 0, 1, 2, 3 -> create();
                    case 4, 5 -> answer(true);
                    case 6 -> answer(false);
                    case 7 -> cancel();
                    case 8 -> resolve();
                    default -> closeAll(any(USERS));
                }
                check(step);
            }
        }

        private <T> T any(List<T> from) {
            return from.get(random.nextInt(from.size()));
        }

        private void create() {
            List<String> users = new ArrayList<>(USERS);
            users.removeIf(user -> random.nextInt(3) == 0);
            if (users.isEmpty()) {
                users.add(any(USERS));
            }
            int expires = 1 + random.nextInt(40);
            int timeout = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(12);
            String id = UUID.randomUUID().toString();
            Offer offer = TestOffers.offer(
                    id, model.now, TestOffers.content(timeout, false), new OfferStep(users, expires), List.of());
            store.create(tenant, new NewOffer(offer, null, true), session, model.now);
            model.create(id, expires, timeout, users);
        }

        /** Returns an offer, usually a pending one. */
        private Model.@Nullable Entry someOffer() {
            List<Model.Entry> all = new ArrayList<>(model.offers.values());
            List<Model.Entry> pending =
                    all.stream().filter(Model.Entry::isPending).toList();
            if (!pending.isEmpty() && random.nextInt(6) > 0) {
                return any(pending);
            }
            return all.isEmpty() ? null : any(all.subList(Math.max(0, all.size() - MOST_READ), all.size()));
        }

        private void answer(boolean isAccept) {
            Model.@Nullable Entry entry = someOffer();
            if (entry == null) {
                return;
            }
            String user = any(List.copyOf(entry.targets.keySet()));
            SessionScope scope = SessionScope.all(new Owner(tenant, user));
            if (isAccept) {
                // Without it, an accept reports a time-out that only the desk of another user knows as cancelled.
                store.resolve(tenant, entry.id, session, model.now);
            }
            @Nullable OfferResult before = Model.target(entry, user).end;
            OfferOutcome outcome = isAccept
                    ? store.accept(scope, entry.id, session, model.now)
                    : store.reject(scope, entry.id, null, model.now);
            if (before != null) {
                boolean isRepeated = before == (isAccept ? OfferResult.ACCEPT : OfferResult.DECLINED);
                assertThat(outcome)
                        .isInstanceOf(
                                !isRepeated
                                        ? OfferOutcome.AlreadyResolved.class
                                        : isAccept ? OfferOutcome.Accepted.class : OfferOutcome.Done.class);
                model.count("too late");
            } else if (!isAccept) {
                assertThat(outcome).isInstanceOf(OfferOutcome.Done.class);
                model.end(entry, user, OfferResult.DECLINED);
                model.count("rejected");
            } else if (model.open.getOrDefault(user, 0) == TWO.openSessions()) {
                assertThat(outcome).isEqualTo(new OfferOutcome.LimitReached(TWO.openSessions()));
                model.count("limit");
            } else {
                assertThat(outcome).isInstanceOf(OfferOutcome.Accepted.class);
                accepted(entry, user);
            }
        }

        private void accepted(Model.Entry entry, String user) {
            entry.targets.forEach((other, target) -> {
                if (target.end == null) {
                    model.end(entry, other, other.equals(user) ? OfferResult.ACCEPT : OfferResult.CANCELLED);
                }
            });
            model.open.merge(user, 1, Integer::sum);
            model.count("accepted");
        }

        private void cancel() {
            Model.@Nullable Entry entry = someOffer();
            if (entry == null) {
                return;
            }
            store.cancel(tenant, TestOffers.ROUTER, entry.id, model.now);
            if (entry.isPending()) {
                entry.targets.forEach((user, target) -> {
                    if (target.end == null) {
                        model.end(entry, user, OfferResult.CANCELLED);
                    }
                });
                model.count("cancelled");
            }
        }

        private void resolve() {
            Model.@Nullable Entry entry = someOffer();
            if (entry != null) {
                store.resolve(tenant, entry.id, session, model.now);
                model.count("resolved");
            }
        }

        private void closeAll(String user) {
            Owner owner = new Owner(tenant, user);
            sessions.desk(owner, model.now)
                    .open()
                    .forEach(each -> sessions.close(
                            SessionScope.all(owner), each.id(), Precondition.NONE, model.now));
            model.open.put(user, 0);
        }

        private void check(int step) {
            for (String user : USERS) {
                var desk = sessions.desk(new Owner(tenant, user), model.now);
                List<String> shown = new ArrayList<>();
                for (OfferView view : desk.offers()) {
                    OfferView.@Nullable Standing standing = view.standing(user);
                    if (standing != null) {
                        shown.add(view.offer().id() + " " + standing.state() + " " + standing.position() + " "
                                + standing.displayed());
                    }
                }
                List<String> expected = new ArrayList<>();
                for (Model.Entry entry : model.desk(user)) {
                    int position = expected.size();
                    expected.add(entry.id + " " + (position == 0 ? OfferState.DISPLAYED : OfferState.QUEUED) + " "
                            + position + " " + Model.target(entry, user).displayed);
                }
                assertThat(shown).as("desk of %s in step %s at %s", user, step, model.now).isEqualTo(expected);
                assertThat(desk.open()).hasSize(model.open.getOrDefault(user, 0));
            }
            List<Model.Entry> all = new ArrayList<>(model.offers.values());
            for (Model.Entry entry : all.subList(Math.max(0, all.size() - MOST_READ), all.size())) {
                OfferView view = store.readAll(tenant, entry.id, model.now).orElseThrow();
                for (OfferView.Standing standing : view.standings()) {
                    Model.Target target = Model.target(entry, standing.userId());
                    assertThat(standing.end() == null ? null : standing.end().result())
                            .as("end of %s for %s in step %s", entry.id, standing.userId(), step)
                            .isEqualTo(target.end);
                }
                assertThat(view.offer().isResolved()).isEqualTo(!entry.isPending());
            }
        }
    }
}
