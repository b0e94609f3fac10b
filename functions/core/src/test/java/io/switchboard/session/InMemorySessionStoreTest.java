package io.switchboard.session;

final class InMemorySessionStoreTest extends SessionStoreContract {
    @Override
    protected SessionStore store(SessionLimits limits) {
        return new InMemorySessionStore(limits);
    }
}
