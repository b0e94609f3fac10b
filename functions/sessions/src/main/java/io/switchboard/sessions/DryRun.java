package io.switchboard.sessions;

import io.switchboard.session.Session;
import io.switchboard.slug.Warning;
import java.util.List;

/**
 * What a request to create a session would store.
 *
 * @param isFocused whether the desk would turn to it
 * @param warnings the session's own, and those of the desk as it is now
 */
record DryRun(Session session, boolean isFocused, List<Warning> warnings) {
    DryRun {
        warnings = List.copyOf(warnings);
    }
}
