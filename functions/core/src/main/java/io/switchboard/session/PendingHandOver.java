package io.switchboard.session;

import java.time.Instant;

/**
 * The mark of a session that is offered to another user. The session stays on its desk until that user accepts.
 *
 * @param notificationId the offer
 * @param userId the user who may accept
 * @param expires when the offer ends without an answer; the mark counts as absent from then on
 */
public record PendingHandOver(String notificationId, String userId, Instant expires) {
    /** Returns true if the user can still accept. */
    public boolean isPending(Instant now) {
        return expires.isAfter(now);
    }
}
