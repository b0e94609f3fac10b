package io.switchboard.sessions;

import io.switchboard.http.Refusal;
import io.switchboard.session.Session;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.slug.Warning;
import java.util.List;

/** What a request to create a session comes to. */
sealed interface CreateResult {
    /** The session is stored and on the desk. */
    record Created(SessionOnDesk session) implements CreateResult {}

    /** The same request made it before. */
    record Replayed(SessionOnDesk session) implements CreateResult {}

    /** What would be stored: the request was a dry run. */
    record Computed(Session session, boolean isFocused, List<Warning> warnings) implements CreateResult {}

    /** It cannot be made, and why. */
    record Refused(Refusal answer) implements CreateResult {}
}
