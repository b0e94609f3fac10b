package io.switchboard.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The part of a session that its desk shows, and the times that decide whether and where the desk shows it.
 *
 * @param title the resolved title
 * @param icon the path of its icon; null for none
 * @param provider the application that created it
 * @param focusRequested whether an application has requested the agent's attention
 * @param activityCount the badge: the number of unread activities, not negative
 * @param kpiBreach the breach of a key performance indicator; null for none
 * @param handOver the offer of the session to another user; null for none. It may have expired
 * @param wrapUp the wrap-up, if it has started; null while the session is open
 * @param created the time of its creation
 * @param lastActivity the time from which idleness is measured; see {@link SessionLimits#isRecent}
 */
public record SessionSummary(
        String id,
        String title,
        @Nullable String icon,
        String provider,
        boolean focusRequested,
        int activityCount,
        @Nullable String kpiBreach,
        @Nullable PendingHandOver handOver,
        WrapUp.@Nullable Pending wrapUp,
        Instant created,
        Instant lastActivity) {
    /** Returns the summary of a session. */
    public static SessionSummary of(Session session) {
        Presentation presentation = session.presentation();
        Markers markers = session.markers();
        return new SessionSummary(
                session.id(),
                presentation.title(),
                presentation.icon(),
                session.origin().provider(),
                markers.focusRequested(),
                markers.activityCount(),
                markers.kpiBreach(),
                markers.handOver(),
                session.wrapUp().pending().orElse(null),
                session.times().created(),
                session.times().lastActivity());
    }

    /** Returns the part that decides whether and where the desk shows the session, without its appearance. */
    public SessionSummary withoutAppearance() {
        return new SessionSummary(
                id, "", null, provider, focusRequested, activityCount, null, handOver, wrapUp, created, lastActivity);
    }

    /** Returns the summary as readers see it: without an offer that has expired. */
    public SessionSummary at(Instant now) {
        return handOver == null || handOver.isPending(now)
                ? this
                : new SessionSummary(
                        id,
                        title,
                        icon,
                        provider,
                        focusRequested,
                        activityCount,
                        kpiBreach,
                        null,
                        wrapUp,
                        created,
                        lastActivity);
    }

    /** Returns true if the session has been without activity for this time, or the deadline of its wrap-up is over. */
    public boolean hasEnded(Instant now, Duration idle) {
        return !lastActivity.plus(idle).isAfter(now) || (wrapUp != null && wrapUp.isOver(now));
    }
}
