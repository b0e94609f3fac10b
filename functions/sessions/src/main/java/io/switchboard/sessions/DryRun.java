package io.switchboard.sessions;

import io.switchboard.session.Session;
import io.switchboard.slug.Warning;
import java.util.List;

/**
 * The session that a request would create.
 *
 * @param isFocused whether the session would receive the focus
 * @param warnings the session's warnings and those about the current state of the desk
 */
record DryRun(Session session, boolean isFocused, List<Warning> warnings) {
    DryRun {
        warnings = List.copyOf(warnings);
    }
}
