package io.switchboard.sessions;

import io.switchboard.http.CorrelationId;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.identity.Identifier;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.offer.NotificationParameters;
import io.switchboard.offer.Offer;
import io.switchboard.offer.OfferStep;
import io.switchboard.slug.Warning;
import io.switchboard.storage.Keys;
import io.switchboard.template.UniqueName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to offer a conversation: the body of {@code POST /notifications}.
 *
 * @param parameters the values of the notification template's slugs
 * @param session the request for the session that opens when a user accepts; null for none
 * @param sessionBody the same as it was sent; null for none
 * @param userIds the users; null if the route decides
 * @param next the attempts that follow if no user accepts
 * @param warnings about the correlation id
 */
record OfferRequest(
        String templateName,
        Map<String, Object> parameters,
        @Nullable String conversationId,
        @Nullable String cancellationToken,
        @Nullable String correlationId,
        @Nullable SessionRequest session,
        @Nullable Map<String, Object> sessionBody,
        @Nullable List<String> userIds,
        int expiresInSeconds,
        List<OfferStep> next,
        List<Warning> warnings) {
    static final String USER_IDS = "userIds";
    private static final String TEMPLATE_NAME = "templateName";
    private static final String CONVERSATION_ID = "conversationId";
    private static final String CANCELLATION_TOKEN = "cancellationToken";
    private static final String SESSION = "session";
    private static final String EXPIRES_IN_SECONDS = "expiresInSeconds";
    private static final String ON_TIMEOUT = "onTimeout";
    private static final int LONGEST_CONVERSATION_ID = 200;
    static final int LONGEST_TOKEN = 200;

    /**
     * Parses the body.
     *
     * @throws Refusal 400 with every violation
     */
    static OfferRequest parse(Request request) {
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(true), "", violations);
        String templateName = body.requiredText(TEMPLATE_NAME, UniqueName.MAXIMUM_LENGTH);
        Map<String, Object> parameters = NotificationParameters.read(body);
        @Nullable String conversationId = text(body, CONVERSATION_ID, LONGEST_CONVERSATION_ID);
        @Nullable String cancellationToken = text(body, CANCELLATION_TOKEN, LONGEST_TOKEN);
        if (cancellationToken != null && !cancellationToken.isEmpty() && !Keys.fits(cancellationToken)) {
            body.violation(
                    "tooLong",
                    CANCELLATION_TOKEN,
                    "cancellationToken is longer than " + Keys.LONGEST_PART
                            + " bytes once encoded. Send a shorter token.");
        }
        List<Warning> warnings = new ArrayList<>();
        @Nullable String correlationId = SessionRequest.correlationId(body, request, warnings);
        @Nullable ObjectReader session = body.object(SESSION);
        @Nullable
        SessionRequest wanted = session == null
                ? null
                : SessionRequest.read(
                        session,
                        violations,
                        request.header(CorrelationId.HEADER).orElse(null));
        @Nullable List<String> userIds = body.any(USER_IDS) == null ? null : users(body);
        int seconds = seconds(body);
        List<OfferStep> next = new ArrayList<>();
        readNext(body.object(ON_TIMEOUT), next);
        body.rejectUnknown();
        Refusal.ifAny(violations);
        return new OfferRequest(
                templateName,
                parameters,
                conversationId,
                cancellationToken,
                correlationId,
                wanted,
                wanted == null ? null : sent(body.any(SESSION)),
                userIds,
                seconds,
                next,
                warnings);
    }

    /** Returns the members that are not null, which count as absent. */
    private static Map<String, Object> sent(@Nullable Object session) {
        Map<String, Object> members = new LinkedHashMap<>();
        if (session instanceof Map<?, ?> object) {
            object.forEach((name, value) -> {
                if (name instanceof String text && value != null) {
                    members.put(text, value);
                }
            });
        }
        return members;
    }

    private static @Nullable String text(ObjectReader body, String name, int longest) {
        return body.any(name) == null ? null : body.requiredText(name, longest);
    }

    private static int seconds(ObjectReader body) {
        return body.wholeNumber(EXPIRES_IN_SECONDS, 1, Offer.LONGEST_SECONDS, Offer.LONGEST_SECONDS);
    }

    private static List<String> users(ObjectReader body) {
        List<String> users = body.texts(USER_IDS, Offer.MOST_USERS, Keys.LONGEST_PART);
        if (users.isEmpty()) {
            body.violation("required", USER_IDS, body.target(USER_IDS) + " must name at least one user.");
        }
        for (int i = 0; i < users.size(); i++) {
            String element = USER_IDS + "[" + i + "]";
            if (!Identifier.isValid(users.get(i))) {
                body.violation(
                        "invalidValue", element, body.target(element) + " is not a valid id. " + Identifier.RULE);
            } else if (!Keys.fits(users.get(i))) {
                body.violation(
                        "tooLong",
                        element,
                        body.target(element) + " is longer than " + Keys.LONGEST_PART
                                + " bytes once encoded. Send a shorter id.");
            }
        }
        return users;
    }

    /** Reads the attempts that follow. Their number is limited, so the recursion is, too. */
    private static void readNext(@Nullable ObjectReader step, List<OfferStep> next) {
        if (step == null) {
            return;
        }
        if (next.size() == Offer.MOST_STEPS) {
            step.violation(
                    "tooMany",
                    "",
                    "onTimeout is nested more than " + Offer.MOST_STEPS + " times. Remove the innermost ones.");
            return;
        }
        next.add(new OfferStep(users(step), seconds(step)));
        readNext(step.object(ON_TIMEOUT), next);
        step.rejectUnknown();
    }
}
