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

/** A store that keeps everything in memory; held to {@link SubscriptionStoreContract}. Thread-safe. */
public class InMemorySubscriptionStore implements SubscriptionStore {
    private final Map<String, Map<String, Kept>> tenants = new HashMap<>();
    private final Map<String, FailedValidations> validations = new HashMap<>();

    /** @param deletedAt null for one that was not deleted */
    private record Kept(
            Subscription subscription,
            @Nullable String requestHash,
            @Nullable Instant deletedAt) {
        @Nullable
        Subscription living(Instant now) {
            return deletedAt != null || subscription.isExpired(now) ? null : subscription;
        }

        boolean isRemembered(Instant now) {
            Instant end = deletedAt == null ? subscription.expires() : deletedAt;
            return living(now) != null
                    || (requestHash != null && end.plus(MEMORY).getEpochSecond() > now.getEpochSecond());
        }
    }

    private Map<String, Kept> of(String tenant) {
        return tenants.computeIfAbsent(tenant, any -> new TreeMap<>());
    }

    @Override
    public synchronized SubscriptionOutcome create(Subscription wanted, @Nullable String requestHash, Instant now) {
        @Nullable Kept kept = of(wanted.tenant()).get(wanted.id());
        if (kept != null && kept.isRemembered(now)) {
            return existing(kept, requestHash, now);
        }
        if (all(wanted.tenant(), now).size() >= MOST) {
            return new SubscriptionOutcome.LimitReached();
        }
        of(wanted.tenant()).put(wanted.id(), new Kept(wanted, requestHash, null));
        return new SubscriptionOutcome.Created(wanted);
    }

    @Override
    public synchronized Optional<SubscriptionOutcome> replay(
            String tenant, String id, String requestHash, Instant now) {
        @Nullable Kept kept = of(tenant).get(id);
        return kept == null || !kept.isRemembered(now)
                ? Optional.empty()
                : Optional.of(existing(kept, requestHash, now));
    }

    private static SubscriptionOutcome existing(Kept kept, @Nullable String requestHash, Instant now) {
        if (requestHash == null || !requestHash.equals(kept.requestHash)) {
            return new SubscriptionOutcome.KeyReused();
        }
        @Nullable Subscription living = kept.living(now);
        return living == null ? new SubscriptionOutcome.Gone() : new SubscriptionOutcome.Replayed(living);
    }

    @Override
    public synchronized Optional<Subscription> read(String tenant, String id, Instant now) {
        @Nullable Kept kept = of(tenant).get(id);
        return kept == null ? Optional.empty() : Optional.ofNullable(kept.living(now));
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
        for (Kept kept : of(tenant).values()) {
            @Nullable Subscription living = kept.living(now);
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
        after.ifPresent(changed ->
                of(tenant).computeIfPresent(id, (any, kept) -> new Kept(changed, kept.requestHash, kept.deletedAt)));
        return after;
    }

    @Override
    public synchronized boolean delete(String tenant, String application, String id, Instant now) {
        boolean isThere = read(tenant, id, now)
                .filter(found -> found.application().equals(application))
                .isPresent();
        if (isThere) {
            of(tenant).computeIfPresent(id, (any, kept) -> new Kept(kept.subscription, kept.requestHash, now));
        }
        return isThere;
    }

    private FailedValidations validations(String tenant) {
        return validations.getOrDefault(tenant, FailedValidations.NONE);
    }

    @Override
    public synchronized @Nullable Instant beginValidations(String tenant, int count, Instant now) {
        FailedValidations before = validations(tenant).at(now);
        if (!before.hasRoomFor(count)) {
            return before.roomFor(count);
        }
        validations.put(tenant, before.begin(count, now));
        return null;
    }

    @Override
    public synchronized void endValidations(String tenant, int count, int failed, Instant now) {
        validations.put(tenant, validations(tenant).end(count, failed, now).at(now));
    }
}
