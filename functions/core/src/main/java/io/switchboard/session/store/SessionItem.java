package io.switchboard.session.store;

import io.switchboard.session.Session;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as its item in the Sessions table holds it.
 *
 * @param writeId the id of the write that stored it
 * @param requestHash null for a session that was made without an idempotency key
 * @param gone why only a tombstone is left of it; null for a session that is there
 * @param handedOverTo the user it went to, on a tombstone of a hand-over
 * @param indexed the key under which the index of closed sessions has it; null if it does not
 */
record SessionItem(
        Session session,
        String writeId,
        @Nullable String requestHash,
        @Nullable String gone,
        @Nullable String handedOverTo,
        @Nullable String indexed) {
    /** Whether the index has the session at its position. */
    boolean isIndexed() {
        return indexed != null && indexed.equals(indexKey(session));
    }

    /** The key under which the index is to have a session; null for one that is not closed. */
    static @Nullable String indexKey(Session session) {
        @Nullable Instant closedAt = session.times().closed();
        return closedAt == null ? null : HistoryPosition.key(closedAt, session.id());
    }
}
