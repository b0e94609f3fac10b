package io.switchboard.session;

import io.switchboard.offer.OfferView;
import java.util.List;

/**
 * A desk with its open sessions.
 *
 * @param limit the most open sessions
 * @param taken the number of open sessions that count towards the limit
 * @param focusedSessionId the session in focus, or home
 * @param open the sessions on the desk: open or in wrap-up, in order of creation
 * @param offers the pending offers, the displayed one first
 */
public record DeskView(
        int limit,
        int taken,
        String focusedSessionId,
        long version,
        List<SessionSummary> open,
        List<OfferView> offers) {
    public DeskView {
        open = List.copyOf(open);
        offers = List.copyOf(offers);
    }

    /** Creates a desk without offers, on which all sessions count. */
    public DeskView(int limit, String focusedSessionId, long version, List<SessionSummary> open) {
        this(limit, open.size(), focusedSessionId, version, open, List.of());
    }
}
