package io.switchboard.sessions;

import io.switchboard.eventbus.BusEvent;
import io.switchboard.json.Json;
import java.time.Instant;
import java.util.Map;

/**
 * An event of a session or a desk, as described in {@code docs/reference/session-events.md}. It contains ids and names
 * only.
 *
 * @param type the type, such as {@code SessionCreated}
 * @param time the time of the write
 * @param detail the content
 */
record SessionEvent(String type, Instant time, Map<String, Object> detail) {
    private static final String SOURCE = "switchboard.sessions";

    BusEvent onBus() {
        return new BusEvent(SOURCE, type, Json.write(detail), time);
    }
}
