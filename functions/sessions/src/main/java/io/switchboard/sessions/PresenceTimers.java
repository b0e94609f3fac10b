package io.switchboard.sessions;

import io.switchboard.presence.PresenceTimer;
import io.switchboard.runtime.StreamRecord;
import io.switchboard.session.store.DynamoDbSessionImage;
import io.switchboard.session.store.DynamoDbSessionImage.OfPresence;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The timers that changes of presences start. */
final class PresenceTimers {
    private PresenceTimers() {}

    /**
     * Returns the timer that a change starts. Its number is new, so a renewal starts none.
     *
     * @throws RuntimeException if the record cannot be read
     */
    static Optional<PresenceTimer> of(StreamRecord record) {
        if (record.kind().equals("REMOVE")
                || !(DynamoDbSessionImage.read(record.after()) instanceof OfPresence after)) {
            return Optional.empty();
        }
        @Nullable Instant expires = after.presence().expires();
        boolean isSame = !record.before().isEmpty()
                && DynamoDbSessionImage.read(record.before()) instanceof OfPresence before
                && before.timer() == after.timer();
        return expires == null || isSame
                ? Optional.empty()
                : Optional.of(
                        new PresenceTimer(after.owner().tenant(), after.owner().user(), after.timer(), expires));
    }
}
