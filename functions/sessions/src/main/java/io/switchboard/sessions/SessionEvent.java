package io.switchboard.sessions;

import io.switchboard.json.Json;
import java.time.Instant;
import java.util.Map;

/**
 * Something that happened to a session or a desk, as {@code docs/session-events.md} describes it: ids and names only.
 *
 * @param type what happened, such as {@code SessionCreated}
 * @param time when it was stored
 * @param detail what it says
 */
record SessionEvent(String type, Instant time, Map<String, Object> detail) {
    /** Who says so. */
    static final String SOURCE = "switchboard.sessions";

    String detailText() {
        return Json.write(detail);
    }
}
