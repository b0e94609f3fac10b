package io.switchboard.callrecords.notifications;

import io.switchboard.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of one of our messages: an object whose members are strings. */
final class Message {
    private final Map<String, @Nullable Object> members;

    Message(String body) {
        members = Json.readOwn(body);
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    String text(String name) {
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("A message lacks the member " + name);
    }
}
