package io.switchboard.session;

import java.util.List;

/**
 * A desk with its open sessions.
 *
 * @param limit the most open sessions
 * @param focusedSessionId the session in focus, or home
 * @param open the open sessions, in order of creation
 */
public record DeskView(int limit, String focusedSessionId, long version, List<SessionSummary> open) {
    public DeskView {
        open = List.copyOf(open);
    }
}
