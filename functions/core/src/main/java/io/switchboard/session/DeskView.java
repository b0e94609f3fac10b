package io.switchboard.session;

import java.util.List;

/**
 * A desk with what is open on it.
 *
 * @param limit how many sessions may be open
 * @param focusedSessionId the session in focus, or home
 * @param open the open sessions, by creation
 */
public record DeskView(int limit, String focusedSessionId, long version, List<SessionOnDesk> open) {
    public DeskView {
        open = List.copyOf(open);
    }
}
