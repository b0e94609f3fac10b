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
 * Stores subscriptions. A subscription belongs to an application of a tenant and is absent to others. Expired
 * subscriptions are absent. Thread-safe. Faults are {@link io.switchboard.runtime.Unavailable}.
 */
public interface SubscriptionStore {
    /**
     * The most subscriptions of a tenant across all applications. One change causes at most this many notifications of
     * each type.
     */
    int MOST = 100;

    /** How long after a subscription's end repeats of the request that created it are recognised. */
    Duration MEMORY = Duration.ofHours(24);

    /** How long an ended subscription is kept, so that its last notification can be sent. */
    Duration AFTERLIFE = Duration.ofHours(6);

    /**
     * Stores a new subscription, unless there are {@link #MOST}. The limit is exact for concurrent requests.
     *
     * @param requestHash identifies repeats of the request; null if no {@code Idempotency-Key} was sent and the id is
     *     unique
     */
    SubscriptionOutcome create(Subscription requested, @Nullable String requestHash, Instant now);

    /** Returns the outcome of an earlier request with this id and hash; empty if there was none. */
    Optional<SubscriptionOutcome> replay(String tenant, String id, String requestHash, Instant now);

    /** Reads a subscription of any application of the tenant. */
    Optional<Subscription> read(String tenant, String id, Instant now);

    /**
     * Reads a subscription of any application of the tenant that may have expired, or that another user than its
     * creator, or an operator, removed; empty if its creator deleted it, and some hours after its end.
     */
    Optional<Subscription> readEnded(String tenant, String id);

    /** Lists an application's subscriptions by id. A page may be short and still have a next page. */
    Page<Subscription> list(String tenant, String application, PageRequest page, Instant now);

    /** Lists all subscriptions of a tenant. */
    List<Subscription> all(String tenant, Instant now);

    /**
     * Changes a subscription.
     *
     * @param change may be called several times, each time with the stored subscription
     * @return the changed subscription; empty if it does not exist
     */
    Optional<Subscription> change(
            String tenant, String application, String id, UnaryOperator<Subscription> change, Instant now);

    /**
     * Deletes a subscription.
     *
     * @return whether it existed
     */
    boolean delete(String tenant, String application, String id, Instant now);

    /**
     * Reserves validations of endpoints before the endpoints are called. The limit is exact for concurrent requests.
     *
     * @param count how many endpoints are to be called
     * @return null if the endpoints may be called; otherwise the earliest time at which they may, because too many
     *     validations of the tenant failed
     */
    @Nullable
    Instant beginValidations(String tenant, int count, Instant now);

    /**
     * Ends reserved validations.
     *
     * @param failed how many of them failed; the others no longer count
     * @param now the time at which they were reserved
     */
    void endValidations(String tenant, int count, int failed, Instant now);
}
