package io.switchboard.session;

import io.switchboard.text.InputLimits;
import java.time.Duration;

/**
 * The limits on sessions.
 *
 * @param openSessions the most open sessions of a user, without home
 * @param idle the time without a write or focus after which a session is closed
 * @param retention how long a closed session is stored
 */
public record SessionLimits(int openSessions, Duration idle, Duration retention) {
    /** The most tabs of a session, including its anchor tab. */
    public static final int TABS = 10;

    /** The largest context, in bytes of UTF-8 JSON. */
    public static final int CONTEXT_BYTES = 32_768;

    /** The most nested objects and arrays of a context, including itself, so that callers can send a whole session. */
    public static final int CONTEXT_DEPTH = InputLimits.DEPTH - 1;

    /** The largest session, in bytes of its stored document. */
    public static final int SESSION_BYTES = 262_144;
}
