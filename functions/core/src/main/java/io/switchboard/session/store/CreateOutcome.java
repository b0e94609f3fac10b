package io.switchboard.session.store;

import io.switchboard.session.SessionOnDesk;

/** What became of a create. */
public sealed interface CreateOutcome {
    /** It is stored and on the desk. */
    record Created(SessionOnDesk session) implements CreateOutcome {}

    /** The same request made it before. */
    record Replayed(SessionOnDesk session) implements CreateOutcome {}

    /** Another request made a session with this key before. */
    record KeyReused() implements CreateOutcome {}

    /** The desk is full. */
    record LimitReached(int limit) implements CreateOutcome {}
}
