package io.switchboard.callrecords.notifications;

import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions. One belongs to a tenant and an application of it, and is absent to others; an expired one is absent to
 * everybody. Thread-safe. Faults are {@link io.switchboard.runtime.Unavailable}.
 */
public interface SubscriptionStore {
    /** How many a tenant may have, all applications together: as many notifications one change can make of each type. */
    int MOST = 100;

    /** How long what made a subscription is known after its end, to repeats of the request. */
    Duration MEMORY = Duration.ofHours(24);

    /**
     * Keeps a new one, unless there are {@link #MOST}: exactly, however many come at once.
     *
     * @param requestHash what makes a repeat the same request; null where no {@code Idempotency-Key} was sent, and the id is no
     *     other's
     */
    SubscriptionOutcome create(Subscription wanted, @Nullable String requestHash, Instant now);

    /** What an earlier request of this id and hash has made; nothing where there was none. */
    Optional<SubscriptionOutcome> replay(String tenant, String id, String requestHash, Instant now);

    /** One, whoever's of the tenant. */
    Optional<Subscription> read(String tenant, String id, Instant now);

    /** An application's, by id. A page may be short and have a next one. */
    Page<Subscription> list(String tenant, String application, PageRequest page, Instant now);

    /** All of a tenant. */
    List<Subscription> all(String tenant, Instant now);

    /**
     * Changes one.
     *
     * @param change may be asked several times, of what is stored at that time
     * @return how it is now; nothing where it is not there
     */
    Optional<Subscription> change(
            String tenant, String application, String id, UnaryOperator<Subscription> change, Instant now);

    /**
     * Deletes one.
     *
     * @return whether it was there
     */
    boolean delete(String tenant, String application, String id, Instant now);

    /**
     * Reserves validations of endpoints before they are called: exactly, however many requests come at once.
     *
     * @param count how many endpoints are to be called
     * @return null if they may be called; otherwise when so many may be at the earliest, because too many of the tenant failed
     */
    @Nullable
    Instant beginValidations(String tenant, int count, Instant now);

    /**
     * Ends validations that were reserved.
     *
     * @param failed how many of them failed; the others no longer count
     * @param now as it was when they were reserved
     */
    void endValidations(String tenant, int count, int failed, Instant now);
}
