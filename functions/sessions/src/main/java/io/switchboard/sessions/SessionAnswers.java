package io.switchboard.sessions;

import io.switchboard.http.EntityTag;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.session.Session;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.ChangeOutcome;
import io.switchboard.session.store.SessionReadStore;
import io.switchboard.slug.Warning;
import io.switchboard.text.Guid;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the operations on sessions and tabs answer alike. */
final class SessionAnswers {
    private static final String PREFERENCE_APPLIED = "Preference-Applied";
    private static final String STRICT = "handling=strict";

    /** Of a hand-over to a user who never had a desk. */
    static final Warning UNKNOWN_USER = new Warning(
            "unknownUser",
            "The user in userId never had a session or a desk. The session is on this user's desk; if the id is wrong, hand the session"
                    + " over from there.",
            "userId");

    private SessionAnswers() {}

    /**
     * The id in the path.
     *
     * @throws Refusal 404 for what can be no session's, 409 {@code homeSession} for home, which is not like others
     */
    static String sessionId(Request request) {
        String id = knownId(request);
        if (id.equals(Session.HOME)) {
            throw Refusal.of(
                    ErrorCode.HOME_SESSION,
                    "The home session is as it is: it has no tabs, no context and nothing to change, and it is never handed"
                            + " over. It can be read, and focused.");
        }
        return id;
    }

    /**
     * The id in the path, home's too.
     *
     * @throws Refusal 404 for what can be no session's
     */
    static String knownId(Request request) {
        String id = request.pathParameter("sessionId");
        if (!id.equals(Session.HOME) && !Guid.isGuid(id)) {
            throw notFound(id);
        }
        return id;
    }

    /** The session, as it is for the caller. */
    static SessionOnDesk read(SessionReadStore store, SessionScope scope, Request request) {
        String id = sessionId(request);
        return store.read(scope, id, request.now()).orElseThrow(() -> notFound(id));
    }

    static Refusal notFound(String id) {
        return Refusal.notFound("There is no session " + InputLimits.excerpt(id)
                + " among those you may see. GET /sessions lists them.");
    }

    /** The session as the change left it, or the answer that says why it did not. */
    static SessionOnDesk done(ChangeOutcome outcome, String id) {
        return switch (outcome) {
            case ChangeOutcome.Done done -> done.session();
            case ChangeOutcome.HandedOver handedOver -> handedOver.session();
            case ChangeOutcome.UnknownUser unknown ->
                throw Refusal.strict(Warning.violations(List.of(UNKNOWN_USER))).withHeader(PREFERENCE_APPLIED, STRICT);
            case ChangeOutcome.NotFound notFound -> throw notFound(id);
            case ChangeOutcome.VersionMismatch mismatch ->
                throw Refusal.of(
                        ErrorCode.PRECONDITION_FAILED,
                        "The session is at version " + mismatch.version() + ". Read it again and decide anew.");
            case ChangeOutcome.AlreadyClosed closed ->
                throw Refusal.of(
                        ErrorCode.SESSION_CLOSED,
                        "The session is closed and can be read only. Reopen it, then try again.");
            case ChangeOutcome.NotClosable notClosable ->
                throw Refusal.of(
                        ErrorCode.SESSION_NOT_CLOSABLE,
                        "The session's canClose is false: set it to true, then close the session.");
            case ChangeOutcome.IdTaken taken ->
                throw Refusal.of(
                        ErrorCode.NAME_ALREADY_EXISTS,
                        "The other user has a session of this id already. Delete one of the two, then hand over the other.");
            case ChangeOutcome.LimitReached reached ->
                throw Refusal.of(
                        ErrorCode.SESSION_LIMIT_REACHED,
                        "The desk that is to take the session has its " + reached.limit()
                                + " open sessions. Close one there, then try again.");
        };
    }

    static Response of(SessionOnDesk onDesk) {
        return of(onDesk, List.of());
    }

    /** With warnings of this request, which the session does not keep. */
    static Response of(SessionOnDesk onDesk, List<Warning> warnings) {
        Map<String, @Nullable Object> json = SessionJson.toJson(onDesk);
        if (!warnings.isEmpty()) {
            List<Warning> all = new ArrayList<>(onDesk.session().warnings());
            all.addAll(warnings);
            json.put("warnings", Warning.toJson(all));
        }
        return tagged(Response.ok(json), onDesk.session());
    }

    /** With the session's tag, which its tabs share: they are one resource to a precondition. */
    static Response tagged(Response response, Session session) {
        return response.with("ETag", EntityTag.ofVersion(session.version()).toString());
    }

    /** With {@code Preference-Applied}, where the request prefers something. */
    static Response preferred(Request request, Response response) {
        return request.isStrict() ? response.with(PREFERENCE_APPLIED, STRICT) : response;
    }

    /** With {@code Preference-Applied}, if the request prefers something. */
    static Refusal preferred(Request request, Refusal refusal) {
        return request.isStrict() ? refusal.withHeader(PREFERENCE_APPLIED, STRICT) : refusal;
    }

    /**
     * Warnings are errors to a strict request.
     *
     * @throws Refusal 422 naming all of them
     */
    static void refuseStrict(boolean isStrict, List<Warning> warnings) {
        List<Warning> errors = isStrict ? Warning.errors(warnings) : List.of();
        if (!errors.isEmpty()) {
            throw Refusal.strict(Warning.violations(errors)).withHeader(PREFERENCE_APPLIED, STRICT);
        }
    }
}
