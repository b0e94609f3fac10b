package io.switchboard.sessions;

import io.switchboard.presence.Presence;
import io.switchboard.presence.PresenceContent;
import io.switchboard.session.store.DynamoDbSessionImage.OfPresence;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Derives events from a change of a presence. A presence that expired is reported by the write that follows: that of
 * its timer, or one that sets a presence before the timer is due. A renewal has no event.
 */
final class PresenceEvents {
    private PresenceEvents() {}

    /** Adds the events of a change, in order. */
    static void of(@Nullable OfPresence before, OfPresence after, SessionEvents events) {
        Presence stored = before == null ? Presence.NONE : before.presence();
        Presence reached = stored.at(after.storedAt());
        if (!reached.equals(stored)) {
            add(after, stored.content(), reached, true, events);
        }
        if (!after.presence().content().equals(reached.content())) {
            add(after, reached.content(), after.presence(), false, events);
        }
    }

    private static void add(
            OfPresence after, PresenceContent before, Presence presence, boolean hasExpired, SessionEvents events) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("basicState", presence.content().basicState().text());
        put(detail, "state", presence.content().state());
        detail.put("previousBasicState", before.basicState().text());
        put(detail, "previousState", before.state());
        detail.put("sinceDateTime", String.valueOf(presence.since()));
        detail.put("hasExpired", hasExpired);
        events.addOfPresence(after.owner(), presence, hasExpired, detail);
    }

    private static void put(Map<String, Object> detail, String name, @Nullable String value) {
        if (value != null) {
            detail.put(name, value);
        }
    }
}
