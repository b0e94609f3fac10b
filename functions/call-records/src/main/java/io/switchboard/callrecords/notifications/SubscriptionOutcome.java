package io.switchboard.callrecords.notifications;

/** The outcome of creating a subscription. */
public sealed interface SubscriptionOutcome {
    /** The subscription was created. */
    record Created(Subscription subscription) implements SubscriptionOutcome {}

    /** The same request created it before; this is its current state. */
    record Replayed(Subscription subscription) implements SubscriptionOutcome {}

    /** The same request created it before, and it was deleted or has expired since. */
    record Gone() implements SubscriptionOutcome {}

    /** The key was already used with another request. */
    record KeyReused() implements SubscriptionOutcome {}

    /** The tenant has reached the limit. */
    record LimitReached() implements SubscriptionOutcome {}
}
