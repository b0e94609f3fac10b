package io.switchboard.session.store;

import io.switchboard.session.Session;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session with the attributes of its item in the Sessions table.
 *
 * @param writeId the id of the write that stored it
 * @param requestHash the hash of the creating request; null without an idempotency key
 * @param gone the reason for a tombstone; null for an existing session
 * @param handedOverTo the target user, on a tombstone of a hand-over
 * @param indexed the key in the index of closed sessions; null if it is not in the index
 */
record SessionItem(
        Session session,
        String writeId,
        @Nullable String requestHash,
        @Nullable String gone,
        @Nullable String handedOverTo,
        @Nullable String indexed) {
    /** Returns the item with another state of its session. */
    SessionItem with(Session current) {
        return new SessionItem(current, writeId, requestHash, gone, handedOverTo, indexed);
    }

    /** Returns true if the index contains the session under its current key. */
    boolean isIndexed() {
        return indexed != null && indexed.equals(indexKey(session));
    }

    /** Returns the key of a session in the index; null if it is not closed. */
    static @Nullable String indexKey(Session session) {
        @Nullable Instant closedAt = session.times().closed();
        return closedAt == null ? null : HistoryPosition.key(closedAt, session.id());
    }
}
