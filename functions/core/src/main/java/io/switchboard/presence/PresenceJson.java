package io.switchboard.presence;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's JSON of presences. */
public final class PresenceJson {
    private PresenceJson() {}

    /** Writes a presence. The caller can change the map. */
    public static Map<String, @Nullable Object> write(String userId, Presence presence) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("userId", userId);
        json.put("basicState", presence.content().basicState().text());
        json.put("state", presence.content().state());
        json.put("text", presence.content().text());
        json.put("sinceDateTime", text(presence.since()));
        json.put("expiresDateTime", text(presence.expires()));
        return json;
    }

    /** Writes a presence with the capacity of its user. */
    public static Map<String, @Nullable Object> write(UserPresence user) {
        Map<String, @Nullable Object> json = write(user.userId(), user.presence());
        json.put("openSessions", user.openSessions());
        json.put("sessionLimit", user.sessionLimit());
        json.put("canCreateSession", user.openSessions() < user.sessionLimit());
        return json;
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
