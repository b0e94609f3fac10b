package io.switchboard.callrecords.notifications;

/** What became of a subscription that was asked for. */
public sealed interface SubscriptionOutcome {
    /** It is new. */
    record Created(Subscription subscription) implements SubscriptionOutcome {}

    /** The same request made it before; this is how it is now. */
    record Replayed(Subscription subscription) implements SubscriptionOutcome {}

    /** The same request made it before, and it was deleted or has expired since. */
    record Gone() implements SubscriptionOutcome {}

    /** The key came before with another request. */
    record KeyReused() implements SubscriptionOutcome {}

    /** The tenant has as many as it may have. */
    record LimitReached() implements SubscriptionOutcome {}
}
