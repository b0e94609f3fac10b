package io.switchboard.session.store;

import io.switchboard.session.SessionOnDesk;

/** The outcome of creating a session. */
public sealed interface CreateOutcome {
    /** The session is stored and on the desk. */
    record Created(SessionOnDesk session) implements CreateOutcome {}

    /** The same request created the session before. */
    record Replayed(SessionOnDesk session) implements CreateOutcome {}

    /** A different request created a session with this key before. */
    record KeyReused() implements CreateOutcome {}

    /** The desk is full. */
    record LimitReached(int limit) implements CreateOutcome {}
}
