package io.switchboard.sessions.push;

import io.switchboard.session.Owner;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The messages of a batch of changes, at most one for each user: the last version of the desk, or 0 if only something
 * changed that the desk shows, such as the title of a session.
 */
public final class DeskMessages {
    private final Map<Owner, Long> versions = new LinkedHashMap<>();

    /** Adds a change of a desk. */
    public void add(Owner owner, long version) {
        versions.merge(owner, version, Math::max);
    }

    /** Adds a change of something that a desk shows. */
    public void add(Owner owner) {
        add(owner, 0);
    }

    /** Returns the messages by channel. Users without a channel poll. */
    Map<String, String> byChannel() {
        Map<String, String> messages = new LinkedHashMap<>();
        versions.forEach((owner, version) ->
                PushChannel.of(owner).ifPresent(channel -> messages.put(channel, "{\"desk\":" + version + "}")));
        return messages;
    }
}
