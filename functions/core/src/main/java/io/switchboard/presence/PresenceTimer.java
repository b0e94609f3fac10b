package io.switchboard.presence;

import io.switchboard.json.Json;
import io.switchboard.offer.OfferTimer;
import io.switchboard.text.DerivedId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that a queue delays until a presence may have expired. While the user renews the presence, the receiver
 * sends it again. So a renewal sends none.
 *
 * @param number the number of the timer in the presence's item. A timer with another number ends
 * @param due the time
 */
public record PresenceTimer(String tenant, String userId, long number, Instant due) {
    private static final String TENANT = "tenant";
    private static final String PRESENCE_OF = "presenceOf";
    private static final String NUMBER = "number";
    private static final String DUE = "due";

    /** Returns true if this is the body of a timer's message, and not that of another message of the queue. */
    public static boolean isMessage(String body) {
        return Json.readOwn(body).containsKey(PRESENCE_OF);
    }

    /**
     * Reads the body of a message.
     *
     * @throws RuntimeException if it is not the body of such a message
     */
    public static PresenceTimer ofMessage(String body) {
        Map<String, @Nullable Object> message = Json.readOwn(body);
        return new PresenceTimer(
                text(message, TENANT),
                text(message, PRESENCE_OF),
                Long.parseLong(text(message, NUMBER)),
                Instant.parse(text(message, DUE)));
    }

    private static String text(Map<String, @Nullable Object> message, String name) {
        @Nullable Object value = message.get(name);
        if (value == null) {
            throw new IllegalArgumentException("A message lacks the member " + name);
        }
        return value.toString();
    }

    /** Returns the same timer for another time. */
    public PresenceTimer dueAt(Instant time) {
        return new PresenceTimer(tenant, userId, number, time);
    }

    /** Returns true if the presence must be read now. */
    public boolean isDue(Instant now) {
        return !now.isBefore(due);
    }

    /** Returns the body of its message. */
    public String message() {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put(TENANT, tenant);
        message.put(PRESENCE_OF, userId);
        message.put(NUMBER, number);
        message.put(DUE, due.toString());
        return Json.write(message);
    }

    /** Returns the message group: one for each tenant, apart from that of offers, whose timers must not wait for it. */
    public String group() {
        return DerivedId.of(tenant, PRESENCE_OF);
    }

    /** Returns the delay of its message. */
    public Duration delay(Instant now) {
        return OfferTimer.delay(due, now);
    }
}
