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

    /**
     * Notes a context that is too large or nested too deep.
     *
     * @param advice what the caller can do, as a sentence
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

    /** The number of levels; a body has at most {@link InputLimits#DEPTH} of them, so that this ends. */
    private static int depth(@Nullable Object value) {
        Collection<?> inner =
                value instanceof Map<?, ?> object ? object.values() : value instanceof List<?> list ? list : List.of();
        int deepest = 0;
        for (Object each : inner) {
            deepest = Math.max(deepest, depth(each));
        }
        return value instanceof Map<?, ?> || value instanceof List<?> ? deepest + 1 : 0;
    }

    /** Notes a session that is too large to be stored. */
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
