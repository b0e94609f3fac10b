package io.switchboard.callrecords.notifications;

final class InMemorySubscriptionStoreTest extends SubscriptionStoreContract {
    private final SubscriptionStore store = new InMemorySubscriptionStore();

    @Override
    protected SubscriptionStore store() {
        return store;
    }
}
