package io.switchboard.callrecords.notifications;

import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Stores subscriptions in memory; it passes {@link SubscriptionStoreContract}. Thread-safe. */
public class InMemorySubscriptionStore implements SubscriptionStore {
    private final Map<String, Map<String, SavedSubscription>> tenants = new HashMap<>();
    private final Map<String, FailedValidations> validations = new HashMap<>();

    /** @param deletedAt null if it was not deleted */
    private record SavedSubscription(
            Subscription subscription,
            @Nullable String requestHash,
            @Nullable Instant deletedAt) {
        @Nullable
        Subscription living(Instant now) {
            return deletedAt != null || !subscription.isLiving(now) ? null : subscription;
        }

        boolean isRecognised(Instant now) {
            @Nullable
            Instant removed = deletedAt == null ? subscription.status().removedAt() : deletedAt;
            Instant end = removed == null ? subscription.expires() : removed;
            return living(now) != null
                    || (requestHash != null && end.plus(MEMORY).getEpochSecond() > now.getEpochSecond());
        }
    }

    private Map<String, SavedSubscription> of(String tenant) {
        return tenants.computeIfAbsent(tenant, any -> new TreeMap<>());
    }

    @Override
    public synchronized SubscriptionOutcome create(Subscription requested, @Nullable String requestHash, Instant now) {
        @Nullable SavedSubscription saved = of(requested.tenant()).get(requested.id());
        if (saved != null && saved.isRecognised(now)) {
            return existing(saved, requestHash, now);
        }
        if (all(requested.tenant(), now).size() >= MOST) {
            return new SubscriptionOutcome.LimitReached();
        }
        of(requested.tenant()).put(requested.id(), new SavedSubscription(requested, requestHash, null));
        return new SubscriptionOutcome.Created(requested);
    }

    @Override
    public synchronized Optional<SubscriptionOutcome> replay(
            String tenant, String id, String requestHash, Instant now) {
        @Nullable SavedSubscription saved = of(tenant).get(id);
        return saved == null || !saved.isRecognised(now)
                ? Optional.empty()
                : Optional.of(existing(saved, requestHash, now));
    }

    private static SubscriptionOutcome existing(SavedSubscription saved, @Nullable String requestHash, Instant now) {
        if (requestHash == null || !requestHash.equals(saved.requestHash)) {
            return new SubscriptionOutcome.KeyReused();
        }
        @Nullable Subscription living = saved.living(now);
        return living == null ? new SubscriptionOutcome.Gone() : new SubscriptionOutcome.Replayed(living);
    }

    @Override
    public synchronized Optional<Subscription> read(String tenant, String id, Instant now) {
        @Nullable SavedSubscription saved = of(tenant).get(id);
        return saved == null ? Optional.empty() : Optional.ofNullable(saved.living(now));
    }

    @Override
    public synchronized Optional<Subscription> readEnded(String tenant, String id) {
        @Nullable SavedSubscription saved = of(tenant).get(id);
        return saved == null || saved.deletedAt != null ? Optional.empty() : Optional.of(saved.subscription);
    }

    @Override
    public synchronized Page<Subscription> list(String tenant, String application, PageRequest page, Instant now) {
        List<Subscription> found = new ArrayList<>();
        for (Subscription each : all(tenant, now)) {
            boolean isBehind = page.after() == null || each.id().compareTo(page.after()) > 0;
            if (!isBehind || !each.application().equals(application)) {
                continue;
            }
            if (found.size() == page.size()) {
                return new Page<>(found, found.getLast().id());
            }
            found.add(each);
        }
        return new Page<>(found, null);
    }

    @Override
    public synchronized List<Subscription> all(String tenant, Instant now) {
        List<Subscription> all = new ArrayList<>();
        for (SavedSubscription saved : of(tenant).values()) {
            @Nullable Subscription living = saved.living(now);
            if (living != null) {
                all.add(living);
            }
        }
        return all;
    }

    @Override
    public synchronized Optional<Subscription> change(
            String tenant, String application, String id, UnaryOperator<Subscription> change, Instant now) {
        Optional<Subscription> before =
                read(tenant, id, now).filter(found -> found.application().equals(application));
        Optional<Subscription> after = before.map(change);
        after.ifPresent(changed -> of(tenant)
                .computeIfPresent(
                        id, (any, saved) -> new SavedSubscription(changed, saved.requestHash, saved.deletedAt)));
        return after;
    }

    @Override
    public synchronized boolean delete(String tenant, String application, String id, Instant now) {
        boolean isThere = read(tenant, id, now)
                .filter(found -> found.application().equals(application))
                .isPresent();
        if (isThere) {
            of(tenant)
                    .computeIfPresent(
                            id, (any, saved) -> new SavedSubscription(saved.subscription, saved.requestHash, now));
        }
        return isThere;
    }

    private FailedValidations validations(String tenant) {
        return validations.getOrDefault(tenant, FailedValidations.NONE);
    }

    @Override
    public synchronized @Nullable Instant beginValidations(String tenant, int count, Instant now) {
        FailedValidations before = validations(tenant).at(now);
        if (!before.admits(count)) {
            return before.earliestFor(count);
        }
        validations.put(tenant, before.begin(count, now));
        return null;
    }

    @Override
    public synchronized void endValidations(String tenant, int count, int failed, Instant now) {
        validations.put(tenant, validations(tenant).end(count, failed, now).at(now));
    }
}
