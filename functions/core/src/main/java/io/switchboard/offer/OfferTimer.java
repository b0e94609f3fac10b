package io.switchboard.offer;

import io.switchboard.json.Json;
import io.switchboard.text.DerivedId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that a queue delays until an offer may have to be resolved, or a session in wrap-up closed. SQS delays a
 * message for 15 minutes at most, so the receiver sends it again until then.
 *
 * @param userId the user whose session is in wrap-up; null for an offer
 * @param id the offer or the session
 * @param due the time
 */
public record OfferTimer(String tenant, @Nullable String userId, String id, Instant due) {
    /** The longest delay of a message in SQS. */
    public static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

    private static final String TENANT = "tenant";
    private static final String NOTIFICATION_ID = "notificationId";
    private static final String USER_ID = "userId";
    private static final String SESSION_ID = "sessionId";
    private static final String DUE = "due";

    /** Creates a timer of an offer. */
    public OfferTimer(String tenant, String id, Instant due) {
        this(tenant, null, id, due);
    }

    /** Returns true if this is the body of a timer's message, and not that of another message of the queue. */
    public static boolean isMessage(String body) {
        Map<String, @Nullable Object> message = Json.readOwn(body);
        return message.containsKey(NOTIFICATION_ID)
                || (message.containsKey(USER_ID) && message.containsKey(SESSION_ID));
    }

    /**
     * Reads the body of a message.
     *
     * @throws RuntimeException if it is not the body of such a message
     */
    public static OfferTimer ofMessage(String body) {
        Map<String, @Nullable Object> message = Json.readOwn(body);
        boolean isOfOffer = message.containsKey(NOTIFICATION_ID);
        return new OfferTimer(
                text(message, TENANT),
                isOfOffer ? null : text(message, USER_ID),
                text(message, isOfOffer ? NOTIFICATION_ID : SESSION_ID),
                Instant.parse(text(message, DUE)));
    }

    private static String text(Map<String, @Nullable Object> message, String name) {
        if (message.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("A message lacks the member " + name);
    }

    /** Returns true if the time has come. */
    public boolean isDue(Instant now) {
        return !now.isBefore(due);
    }

    /** Returns the body of its message. */
    public String message() {
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put(TENANT, tenant);
        if (userId == null) {
            message.put(NOTIFICATION_ID, id);
        } else {
            message.put(USER_ID, userId);
            message.put(SESSION_ID, id);
        }
        message.put(DUE, due.toString());
        return Json.write(message);
    }

    /** Returns the message group: one for each tenant, so that no tenant's offers delay those of another. */
    public String group() {
        return DerivedId.of(tenant, NOTIFICATION_ID);
    }

    /** Returns the delay of its message. */
    public Duration delay(Instant now) {
        return delay(due, now);
    }

    /** Returns the delay of a message that is due at a time, in whole seconds. It does not end before the time. */
    public static Duration delay(Instant due, Instant now) {
        Duration left = Duration.ofSeconds(
                Math.max(0, Duration.between(now, due).plusMillis(999).toSeconds()));
        return left.compareTo(LONGEST_DELAY) < 0 ? left : LONGEST_DELAY;
    }
}
