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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Runs random operations on offers in DynamoDB and on a model that moves from deadline to deadline, in the order of
 * time. The store has no such order: it computes the state from what is stored. After each operation, all desks and
 * offers must be the same: each desk displays at most one offer, in the order of arrival, each offer has at most one
 * acceptance, and each acceptance one session. Messages of timers arrive at random, early, late, twice or not at all.
 */
final class OfferModelTest {
    private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");
    private static final SessionLimits TWO = new SessionLimits(2, Duration.ofHours(24), Duration.ofDays(30));
    private static final int WORLDS = 8;
    private static final int STEPS = Boolean.getBoolean("switchboard.long") ? 2_600 : 150;
    private static final List<String> USERS = List.of("ann", "bob", "carl", "dora");
    private static final int MOST_READ = 12;
    private static final int READ_EVERY = 6;

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::sessions);

    @Test
    void random_operations_match_a_model_that_moves_from_deadline_to_deadline() throws Exception {
        SplittableRandom random = Seed.random("random_operations_on_offers");
        List<Walk> walks = new ArrayList<>();
        for (int i = 0; i < WORLDS; i++) {
            // Half of them have desks whose queues are full.
            walks.add(new Walk(random.split(), i % 2 == 0 ? 1 : 20));
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
                        "accepted",
                        "rejected",
                        "cancelled",
                        "too late",
                        "limit",
                        "full queue",
                        "displayTimeout",
                        "queueTimeout",
                        "resolved",
                        "next attempt",
                        "automatic",
                        "automatic at the limit");
    }

    /** The offers of a tenant as the model knows them. */
    private static final class Model {
        /** A user of an attempt. */
        private static final class Target {
            /** True if a message brought the offer to the desk, or tried to. */
            private boolean isPlaced;

            private @Nullable Instant displayed;
            private @Nullable OfferResult end;
        }

        /** An offer. */
        private static final class Entry {
            private final String id;
            private final int timeout;
            private final boolean isAutomatic;
            private final List<OfferStep> next;
            private final Map<String, Target> earlier = new LinkedHashMap<>();
            private final Map<String, Target> targets = new LinkedHashMap<>();
            private int attempt;
            private Instant expires = START;

            Entry(String id, int timeout, boolean isAutomatic, List<OfferStep> next) {
                this.id = id;
                this.timeout = timeout;
                this.isAutomatic = isAutomatic;
                this.next = next;
            }

            void begin(OfferStep step, Instant start) {
                attempt++;
                earlier.putAll(targets);
                targets.clear();
                step.userIds().forEach(user -> targets.put(user, new Target()));
                expires = start.plusSeconds(step.expiresInSeconds());
            }

            /** Returns the users of all attempts. */
            List<String> users() {
                Set<String> users = new LinkedHashSet<>(earlier.keySet());
                users.addAll(targets.keySet());
                return List.copyOf(users);
            }

            /** Returns the latest target with a user. */
            Target target(String user) {
                Target target = targets.getOrDefault(user, earlier.get(user));
                if (target == null) {
                    throw new AssertionError(user + " is not a target of " + id);
                }
                return target;
            }

            boolean isPending() {
                return targets.values().stream().anyMatch(target -> target.end == null);
            }

            Instant deadline(String user) {
                @Nullable Instant displayed = target(user).displayed;
                if (displayed == null || timeout == 0) {
                    return expires;
                }
                Instant end = displayed.plusSeconds(timeout);
                return end.isBefore(expires) ? end : expires;
            }
        }

        private final Map<String, Entry> offers = new LinkedHashMap<>();
        private final Map<String, List<Entry>> desks = new TreeMap<>();
        private final Map<String, Set<String>> open = new TreeMap<>();
        /** The offers that timed out on each desk, in this order. */
        private final Map<String, List<Entry>> timedOut = new TreeMap<>();

        private final Map<String, Integer> seen;
        private Instant now = START;

        Model(Map<String, Integer> seen) {
            this.seen = seen;
            USERS.forEach(user -> {
                desks.put(user, new ArrayList<>());
                open.put(user, new TreeSet<>());
            });
        }

        private List<Entry> desk(String user) {
            return desks.getOrDefault(user, List.of());
        }

        private Set<String> open(String user) {
            return open.getOrDefault(user, Set.of());
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
                for (Entry entry : List.copyOf(offers.values())) {
                    entry.targets.forEach((user, target) -> {
                        if (target.end == null && !target.isPlaced && !entry.expires.isAfter(next)) {
                            target.end = OfferResult.QUEUE_TIMEOUT;
                            count("not placed in time");
                        }
                    });
                    follow(entry);
                }
            }
        }

        private Instant nextDeadline() {
            Instant next = Instant.MAX;
            for (Entry entry : offers.values()) {
                for (Map.Entry<String, Target> target : entry.targets.entrySet()) {
                    if (target.getValue().end == null) {
                        Instant deadline = entry.deadline(target.getKey());
                        next = deadline.isBefore(next) ? deadline : next;
                    }
                }
            }
            return next;
        }

        /**
         * Ends the offers of a desk that are due. Those that wait end first, so that they are not displayed any more.
         */
        private void endAt(String user, Instant time) {
            for (Entry entry : List.copyOf(desk(user))) {
                Target target = entry.target(user);
                if (!entry.deadline(user).isAfter(time)) {
                    OfferResult result =
                            target.displayed == null ? OfferResult.QUEUE_TIMEOUT : OfferResult.DISPLAY_TIMEOUT;
                    count(result.text());
                    target.end = result;
                    timedOut.computeIfAbsent(user, any -> new ArrayList<>()).add(entry);
                    desk(user).remove(entry);
                }
            }
            displayNext(user);
        }

        /** Begins the next attempt if the last one ended now without an acceptance. */
        private void follow(Entry entry) {
            boolean isOver = entry.targets.values().stream()
                    .anyMatch(target -> target.end == OfferResult.ACCEPT
                            || target.end == OfferResult.AUTO_ACCEPT
                            || target.end == OfferResult.CANCELLED);
            if (!isOver && !entry.isPending() && !entry.next.isEmpty()) {
                entry.begin(entry.next.removeFirst(), now);
                count("next attempt");
            }
        }

        private void displayNext(String user) {
            if (!desk(user).isEmpty()) {
                Target first = desk(user).getFirst().target(user);
                first.displayed = first.displayed == null ? now : first.displayed;
            }
        }

        void end(Entry entry, String user, OfferResult result) {
            entry.target(user).end = result;
            desk(user).remove(entry);
            displayNext(user);
        }

        void create(Entry entry, OfferStep first) {
            offers.put(entry.id, entry);
            entry.begin(first, now);
            place(entry);
            acceptAutomatically(entry);
            follow(entry);
        }

        private void place(Entry entry) {
            entry.targets.forEach((user, target) -> {
                if (target.end == null && !target.isPlaced) {
                    target.isPlaced = true;
                    if (desk(user).size() == DeskOffers.MOST) {
                        target.end = OfferResult.QUEUE_LIMIT;
                        count("full queue");
                    } else {
                        desk(user).add(entry);
                        displayNext(user);
                    }
                }
            });
        }

        private void acceptAutomatically(Entry entry) {
            if (!entry.isAutomatic || !entry.isPending()) {
                return;
            }
            for (Map.Entry<String, Target> each : entry.targets.entrySet()) {
                Target target = each.getValue();
                if (target.end == null && target.displayed != null) {
                    if (open(each.getKey()).size() < TWO.openSessions()) {
                        count("automatic");
                        accept(entry, each.getKey(), OfferResult.AUTO_ACCEPT);
                        return;
                    }
                    count("automatic at the limit");
                }
            }
        }

        void accept(Entry entry, String user, OfferResult result) {
            entry.targets.forEach((other, target) -> {
                if (target.end == null) {
                    end(entry, other, other.equals(user) ? result : OfferResult.CANCELLED);
                }
            });
            open(user).add("session of " + entry.id);
        }

        /** A message of a timer arrives. */
        void resolve(Entry entry) {
            int attempt;
            do {
                attempt = entry.attempt;
                place(entry);
                follow(entry);
            } while (entry.attempt != attempt);
            acceptAutomatically(entry);
        }

        /**
         * Returns whether a desk may have forgotten that it displayed an offer: so many others have ended on it since,
         * and no message has come.
         */
        private boolean mayBeForgotten(Entry entry, String user) {
            List<Entry> ended = timedOut.getOrDefault(user, List.of());
            return ended.size() - ended.lastIndexOf(entry) > DeskOffers.MOST_ENDED;
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
        private final OfferedSession session =
                (offer, owner) -> TestSessions.newSession("session of " + offer.id(), model.now);

        /** How much longer the deadlines are. */
        private final int patience;

        Walk(SplittableRandom random, int patience) {
            this.random = random;
            this.patience = patience;
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
            checkOffers(List.copyOf(model.offers.values()), STEPS);
        }

        private <T> T any(List<T> from) {
            return from.get(random.nextInt(from.size()));
        }

        private OfferStep step() {
            List<String> users = new ArrayList<>(USERS);
            users.removeIf(user -> random.nextInt(3) == 0);
            if (users.isEmpty()) {
                users.add(any(USERS));
            }
            return new OfferStep(users, 1 + random.nextInt(40 * patience));
        }

        private void create() {
            int timeout = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(12 * patience);
            boolean isAutomatic = random.nextInt(5) == 0;
            String id = UUID.randomUUID().toString();
            OfferStep first = step();
            List<OfferStep> next = new ArrayList<>();
            while (random.nextInt(3) == 0 && next.size() < Offer.MOST_STEPS) {
                next.add(step());
            }
            Offer offer = TestOffers.offer(id, model.now, TestOffers.content(timeout, isAutomatic), first, next);
            store.create(tenant, new NewOffer(offer, null, true), session, model.now);
            model.create(new Model.Entry(id, timeout, isAutomatic, next), first);
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
            String user = any(entry.users());
            SessionScope scope = SessionScope.all(new Owner(tenant, user));
            if (isAccept) {
                // Without it, an accept reports a time-out that only the desk of another user knows as cancelled.
                store.resolve(tenant, entry.id, session, model.now);
                model.resolve(entry);
            }
            @Nullable OfferResult before = entry.target(user).end;
            OfferOutcome outcome = isAccept
                    ? store.accept(scope, entry.id, session, model.now)
                    : store.reject(scope, entry.id, null, model.now);
            if (before != null) {
                boolean isRepeated = isAccept
                        ? before == OfferResult.ACCEPT || before == OfferResult.AUTO_ACCEPT
                        : before == OfferResult.DECLINED;
                assertThat(outcome)
                        .isInstanceOf(
                                !isRepeated
                                        ? OfferOutcome.AlreadyResolved.class
                                        : isAccept ? OfferOutcome.Accepted.class : OfferOutcome.Done.class);
                model.count("too late");
            } else if (!isAccept) {
                assertThat(outcome).isInstanceOf(OfferOutcome.Done.class);
                model.end(entry, user, OfferResult.DECLINED);
                model.follow(entry);
                model.count("rejected");
            } else if (model.open(user).size() == TWO.openSessions()) {
                assertThat(outcome).isEqualTo(new OfferOutcome.LimitReached(TWO.openSessions()));
                model.count("limit");
            } else {
                assertThat(outcome).isInstanceOf(OfferOutcome.Accepted.class);
                model.accept(entry, user, OfferResult.ACCEPT);
                model.count("accepted");
            }
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
                model.resolve(entry);
                model.count("resolved");
            }
        }

        private void closeAll(String user) {
            Owner owner = new Owner(tenant, user);
            sessions.desk(owner, model.now)
                    .open()
                    .forEach(each -> sessions.close(SessionScope.all(owner), each.id(), Precondition.NONE, model.now));
            model.open(user).clear();
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
                            + position + " " + entry.target(user).displayed);
                }
                assertThat(shown)
                        .as("desk of %s in step %s at %s", user, step, model.now)
                        .isEqualTo(expected);
                Set<String> open = new TreeSet<>();
                desk.open().forEach(each -> open.add(each.id()));
                assertThat(open).as("sessions of %s in step %s", user, step).isEqualTo(model.open(user));
            }
            if (step % READ_EVERY > 0) {
                return;
            }
            List<Model.Entry> all = new ArrayList<>(model.offers.values());
            checkOffers(all.subList(Math.max(0, all.size() - MOST_READ), all.size()), step);
        }

        private void checkOffers(List<Model.Entry> entries, int step) {
            for (Model.Entry entry : entries) {
                OfferView view = store.readAll(tenant, entry.id, model.now).orElseThrow();
                assertThat(view.offer().attempt().number())
                        .as("attempt of %s in step %s", entry.id, step)
                        .isEqualTo(entry.attempt);
                for (String user : entry.users()) {
                    OfferView.@Nullable Standing standing = view.standing(user);
                    @Nullable
                    OfferResult end = standing == null || standing.end() == null
                            ? null
                            : standing.end().result();
                    @Nullable OfferResult expected = entry.target(user).end;
                    if (end == OfferResult.QUEUE_TIMEOUT
                            && expected == OfferResult.DISPLAY_TIMEOUT
                            && model.mayBeForgotten(entry, user)) {
                        model.count("forgotten display");
                        continue;
                    }
                    assertThat(end)
                            .as("end of %s for %s in step %s", entry.id, user, step)
                            .isEqualTo(expected);
                }
                assertThat(view.offer().isResolved()).isEqualTo(!entry.isPending());
            }
        }
    }
}
