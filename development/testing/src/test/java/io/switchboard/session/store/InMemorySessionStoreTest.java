package io.switchboard.session.store;

import io.switchboard.session.SessionLimits;

final class InMemorySessionStoreTest extends SessionStoreContract {
    @Override
    protected SessionStore store(SessionLimits limits) {
        return new InMemorySessionStore(limits);
    }
}
