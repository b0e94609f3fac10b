package io.switchboard.sessions;

import io.switchboard.json.Json;
import io.switchboard.json.Violations;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.StoredSessionDocument;
import io.switchboard.slug.Warning;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The limits that apply to changes of a session. */
final class SessionChanges {
    /** The maximum number of warnings of a session; the oldest are dropped first. */
    private static final int MAXIMUM_WARNINGS = 100;

    private SessionChanges() {}

    /** Returns the earlier and the new warnings, at most the maximum. */
    static List<Warning> warnings(List<Warning> earlier, List<Warning> added) {
        List<Warning> all = new ArrayList<>(earlier);
        all.addAll(added);
        return all.subList(Math.max(0, all.size() - MAXIMUM_WARNINGS), all.size());
    }

    /**
     * Adds violations for a context that is too large or nested too deeply.
     *
     * @param advice a sentence with what the caller can do
     */
    static void checkContext(Map<String, Object> context, String target, String advice, Violations violations) {
        int size = Json.size(context);
        if (size > SessionLimits.CONTEXT_BYTES) {
            violations.add(
                    "contextTooLarge",
                    target,
                    "The context would have " + size + " bytes; at most " + SessionLimits.CONTEXT_BYTES
                            + " are allowed. " + advice);
        }
        if (depth(context) > SessionLimits.CONTEXT_DEPTH) {
            violations.add(
                    "contextTooDeep",
                    target,
                    "The context would have more than " + SessionLimits.CONTEXT_DEPTH
                            + " levels of objects and arrays. Send values with fewer levels.");
        }
    }

    /**
     * Returns the number of levels. The recursion is bounded because a body has at most {@link InputLimits#DEPTH}
     * levels.
     */
    private static int depth(@Nullable Object value) {
        Collection<?> inner =
                value instanceof Map<?, ?> object ? object.values() : value instanceof List<?> list ? list : List.of();
        int deepest = 0;
        for (Object each : inner) {
            deepest = Math.max(deepest, depth(each));
        }
        return value instanceof Map<?, ?> || value instanceof List<?> ? deepest + 1 : 0;
    }

    /** Adds a violation for a session that is too large to store. */
    static void checkSize(Session session, Violations violations) {
        int size = StoredSessionDocument.size(session);
        if (size > SessionLimits.SESSION_BYTES) {
            violations.add(
                    "sessionTooLarge",
                    "",
                    "The session would have " + size + " bytes; at most " + SessionLimits.SESSION_BYTES
                            + " are allowed. Send shorter values, or close tabs.");
        }
    }
}
