package io.switchboard.sessions;

import io.switchboard.http.Json;
import io.switchboard.http.Violations;
import io.switchboard.session.Session;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.Warning;
import java.util.ArrayList;
import java.util.List;

/** What changes of a session have to keep to. */
final class SessionChanges {
    /** How many warnings a session keeps; the oldest go first. */
    private static final int MOST_WARNINGS = 100;

    private SessionChanges() {}

    /** The earlier warnings and the new ones, as far as a session keeps them. */
    static List<Warning> warnings(List<Warning> earlier, List<Warning> added) {
        List<Warning> all = new ArrayList<>(earlier);
        all.addAll(added);
        return all.subList(Math.max(0, all.size() - MOST_WARNINGS), all.size());
    }

    /** Notes a context that is too large. */
    static void checkContext(Session session, Violations violations) {
        int size = Json.size(session.context());
        if (size > SessionLimits.CONTEXT_BYTES) {
            violations.add(
                    "contextTooLarge",
                    "context",
                    "The context would have " + size + " bytes; at most " + SessionLimits.CONTEXT_BYTES
                            + " are allowed. Remove what is not needed: null removes.");
        }
    }

    /** Notes a session that is too large to be stored. */
    static void checkSize(Session session, Violations violations) {
        int size = SessionJson.size(session);
        if (size > SessionLimits.SESSION_BYTES) {
            violations.add(
                    "sessionTooLarge",
                    "",
                    "The session would have " + size + " bytes; at most " + SessionLimits.SESSION_BYTES
                            + " are allowed. Send shorter values, or close tabs.");
        }
    }
}
