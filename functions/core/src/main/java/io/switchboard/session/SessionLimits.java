package io.switchboard.session;

import io.switchboard.text.InputLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * The limits on sessions.
 *
 * @param openSessions the most open sessions of a user, without home
 * @param idle the time without a write or focus after which a session is closed
 * @param retention how long a closed session is stored
 * @param wrapUpCounts whether sessions in wrap-up count. If not, at most as many of them as {@code openSessions} do not
 */
public record SessionLimits(int openSessions, Duration idle, Duration retention, boolean wrapUpCounts) {
    /** The most tabs of a session, including its anchor tab. */
    public static final int TABS = 10;

    /** The largest context, in bytes of UTF-8 JSON. */
    public static final int CONTEXT_BYTES = 32_768;

    /** The most nested objects and arrays of a context, including itself, so that callers can send a whole session. */
    public static final int CONTEXT_DEPTH = InputLimits.DEPTH - 1;

    /** The largest session, in bytes of its stored document. */
    public static final int SESSION_BYTES = 262_144;

    /** A stored activity is recent for this part of the idle time. */
    private static final int RECENT_PART = 24;

    /** The stored session is refreshed by focus alone after this part of the idle time. */
    private static final int REFRESH_PART = 4;

    /** Creates limits for which sessions in wrap-up count. */
    public SessionLimits(int openSessions, Duration idle, Duration retention) {
        this(openSessions, idle, retention, true);
    }

    /** Returns how many of these sessions do not count, because they are in wrap-up. One that has ended counts. */
    public int uncounted(Collection<SessionSummary> onDesk, Instant now) {
        int wrapUps = 0;
        for (SessionSummary session : onDesk) {
            boolean isInWrapUp = session.wrapUp() != null && !session.hasEnded(now, idle);
            wrapUps += isInWrapUp && !wrapUpCounts ? 1 : 0;
        }
        return Math.min(wrapUps, openSessions);
    }

    /**
     * Returns true if a stored activity is so recent that a later one is not stored. So a session becomes idle at most
     * 1/24 of the idle time early, and most writes and focuses do not have to write the desk.
     */
    public boolean isRecent(Instant lastActivity, Instant now) {
        return now.isBefore(lastActivity.plus(idle.dividedBy(RECENT_PART)));
    }

    /** Returns true if the activity in a session's own item is older than {@link #refresh}. */
    public boolean isStale(Instant lastActivity, Instant now) {
        return !now.isBefore(lastActivity.plus(refresh()));
    }

    /** Returns the time by which the activity on the desk may be later than in the session's own item. */
    public Duration refresh() {
        return idle.dividedBy(REFRESH_PART);
    }
}
