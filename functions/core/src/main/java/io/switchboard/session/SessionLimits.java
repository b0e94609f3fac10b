package io.switchboard.session;

import io.switchboard.text.InputLimits;
import java.time.Duration;

/**
 * The limits on sessions.
 *
 * @param openSessions how many sessions a user may have open, home not counted
 * @param idle after so long without a write or focus a session reads as closed
 * @param retention how long a closed session is kept
 */
public record SessionLimits(int openSessions, Duration idle, Duration retention) {
    /** The most tabs a session holds, its anchor tab included. */
    public static final int TABS = 10;

    /** The largest context, in bytes of UTF-8 JSON. */
    public static final int CONTEXT_BYTES = 32_768;

    /** The most levels of objects and arrays in a context, itself included: a session that holds it is JSON that callers can send. */
    public static final int CONTEXT_DEPTH = InputLimits.DEPTH - 1;

    /** The largest session, in bytes of its stored document. */
    public static final int SESSION_BYTES = 262_144;
}
