package io.switchboard.session.store;

import io.switchboard.offer.DeskOffers;
import io.switchboard.session.Desk;
import io.switchboard.session.Session;
import io.switchboard.session.SessionSummary;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A desk with the summaries of its open sessions, as its item in the Sessions table stores them. The desk's last
 * activity of a session is the valid one if it is later than the session's own, because a focus writes only the desk.
 *
 * @param summaries the summaries of the open sessions, by id
 * @param isComplete whether the item has a valid summary of each open session. Earlier releases write desks without
 *     changing the summaries
 * @param offers the offers on the desk
 * @param writeId the id of the write that stored it; null if it is not stored
 */
record DeskItem(
        Desk desk,
        Map<String, SessionSummary> summaries,
        boolean isComplete,
        DeskOffers offers,
        @Nullable String writeId) {
    /** The desk of a user without a stored desk. */
    static final DeskItem EMPTY = new DeskItem(Desk.EMPTY, Map.of(), true, DeskOffers.NONE, null);

    /**
     * The longest appearance in a summary, in bytes of UTF-8. A longer one is read from its session, so that the item
     * of a desk with ten sessions has at most 4 KB, the size of one read unit.
     */
    private static final int APPEARANCE_BYTES = 200;

    DeskItem {
        summaries = Map.copyOf(summaries);
    }

    /** Returns a session with its last activity, which may be stored with the desk only. */
    Session current(Session stored) {
        @Nullable SessionSummary summary = summaries.get(stored.id());
        return summary != null
                        && stored.times().closed() == null
                        && summary.lastActivity().isAfter(stored.times().lastActivity())
                ? stored.touched(summary.lastActivity())
                : stored;
    }

    /** Returns true if the stored desk shows this session as it is. */
    boolean shows(Session session) {
        return isComplete && summary(session).equals(summaries.get(session.id()));
    }

    /** Returns this desk with the summaries of sessions that it lacks. */
    DeskItem completedWith(List<SessionItem> sessions) {
        Map<String, SessionSummary> all = new HashMap<>(summaries);
        for (SessionItem item : sessions) {
            all.put(item.session().id(), summary(item.session()));
        }
        return new DeskItem(desk, all, isComplete, offers, writeId);
    }

    /**
     * Returns the desk to store after this one.
     *
     * @param changed the open sessions whose summaries change
     */
    DeskItem next(Desk next, List<Session> changed) {
        Map<String, SessionSummary> all = new HashMap<>(summaries);
        for (Session session : changed) {
            all.put(session.id(), summary(session));
        }
        all.keySet().retainAll(next.open());
        return new DeskItem(next, all, true, offers, writeId);
    }

    /** Returns this desk without a session, to find a slot for it. */
    DeskItem without(String id) {
        return next(desk.next(desk.focusOrderWithout(id), Set.of(id), null), List.of());
    }

    /** Returns this desk with other offers. */
    DeskItem with(DeskOffers other) {
        return new DeskItem(desk, summaries, isComplete, other, writeId);
    }

    /** Returns the summary of a session as a desk stores it. */
    static SessionSummary summary(Session session) {
        SessionSummary summary = SessionSummary.of(session);
        int bytes =
                bytes(summary.title()) + bytes(summary.icon()) + bytes(summary.kpiBreach()) + bytes(summary.provider());
        return bytes > APPEARANCE_BYTES ? summary.withoutAppearance() : summary;
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
