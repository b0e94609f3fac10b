package io.switchboard.sessions;

import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.identity.Identifier;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.offer.Offer;
import io.switchboard.session.SessionScope;
import io.switchboard.storage.Keys;
import io.switchboard.template.UniqueName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to hand a session over: the body of {@code POST …/handOver}.
 *
 * @param userId the user who receives the session
 * @param note the sender's text for that user; null for none
 * @param isImmediate whether the session moves without an offer
 * @param templateName the notification template of the offer
 * @param expiresInSeconds the time for the answer
 */
record HandOverRequest(
        String userId, @Nullable String note, boolean isImmediate, String templateName, int expiresInSeconds) {
    /** The built-in notification template of a hand-over. */
    static final String TEMPLATE = "switchboard_hand_over";

    static final String USER_ID = "userId";
    private static final String NOTE = "note";
    private static final String IMMEDIATE = "immediate";
    private static final String TEMPLATE_NAME = "templateName";
    private static final String EXPIRES_IN_SECONDS = "expiresInSeconds";
    private static final int LONGEST_NOTE = 500;

    /**
     * Parses the body.
     *
     * @throws Refusal 400 with every violation
     */
    static HandOverRequest parse(Request request, SessionScope scope) {
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(false), "", violations);
        String user = body.requiredText(USER_ID, Keys.LONGEST_PART);
        @Nullable String note = text(body, NOTE, LONGEST_NOTE);
        boolean isImmediate = body.bool(IMMEDIATE, false);
        @Nullable String template = text(body, TEMPLATE_NAME, UniqueName.MAXIMUM_LENGTH);
        int seconds = body.wholeNumber(EXPIRES_IN_SECONDS, 1, Offer.LONGEST_SECONDS, Offer.LONGEST_SECONDS);
        body.rejectUnknown();
        for (String name : List.of(NOTE, TEMPLATE_NAME, EXPIRES_IN_SECONDS)) {
            if (isImmediate && body.any(name) != null) {
                body.violation(
                        "notAllowed",
                        name,
                        name + " belongs to an offer, and immediate moves the session without one. Remove one of the"
                                + " two.");
            }
        }
        if (!user.isEmpty() && !Identifier.isValid(user)) {
            body.violation("invalidValue", USER_ID, "userId is not a valid id. " + Identifier.RULE);
        } else if (violations.isEmpty() && user.equals(scope.owner().user())) {
            body.violation(
                    "invalidValue",
                    USER_ID,
                    "userId is the session's current user. Send the id of the user who receives the session.");
        } else if (violations.isEmpty() && !Keys.fits(user)) {
            body.violation(
                    "tooLong",
                    USER_ID,
                    "userId is longer than " + Keys.LONGEST_PART + " bytes once encoded. Send a shorter id.");
        }
        Refusal.ifAny(violations);
        return new HandOverRequest(user, note, isImmediate, template == null ? TEMPLATE : template, seconds);
    }

    private static @Nullable String text(ObjectReader body, String name, int longest) {
        return body.any(name) == null ? null : body.requiredText(name, longest);
    }
}
