package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * The markers that applications attach to an open session.
 *
 * @param focusRequested whether an application has requested the agent's attention
 * @param activityCount the badge: the number of unread activities, not negative
 * @param kpiBreach the breach of a key performance indicator; null for none
 * @param conversationId the conversation that the session belongs to; null for none
 * @param handOver the offer of the session to another user; null for none. It may have expired
 */
public record Markers(
        boolean focusRequested,
        int activityCount,
        @Nullable String kpiBreach,
        @Nullable String conversationId,
        @Nullable PendingHandOver handOver) {
    /** The markers of a new session. */
    public static final Markers NONE = new Markers(false, 0, null, null, null);

    /** Creates the markers of a session that is not offered to another user. */
    public Markers(
            boolean focusRequested, int activityCount, @Nullable String kpiBreach, @Nullable String conversationId) {
        this(focusRequested, activityCount, kpiBreach, conversationId, null);
    }

    /** Returns a copy with this focus request. */
    public Markers withFocusRequested(boolean newFocusRequested) {
        return new Markers(newFocusRequested, activityCount, kpiBreach, conversationId, handOver);
    }

    /** Returns a copy with this badge. */
    public Markers withActivityCount(int newActivityCount) {
        return new Markers(focusRequested, newActivityCount, kpiBreach, conversationId, handOver);
    }

    /** Returns a copy with this breach; null for none. */
    public Markers withKpiBreach(@Nullable String newKpiBreach) {
        return new Markers(focusRequested, activityCount, newKpiBreach, conversationId, handOver);
    }

    /** Returns a copy with this conversation; null for none. */
    public Markers withConversationId(@Nullable String newConversationId) {
        return new Markers(focusRequested, activityCount, kpiBreach, newConversationId, handOver);
    }

    /** Returns a copy with this offer to another user; null for none. */
    public Markers withHandOver(@Nullable PendingHandOver newHandOver) {
        return new Markers(focusRequested, activityCount, kpiBreach, conversationId, newHandOver);
    }
}
