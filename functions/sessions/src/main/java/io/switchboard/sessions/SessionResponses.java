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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The responses and errors that the operations on sessions and tabs share. */
final class SessionResponses {
    private static final String PREFERENCE_APPLIED = "Preference-Applied";
    /** The advice for unsaved changes. */
    static final String DISCARD = "Save them and set unsavedChanges to false, or retry with discard=true to lose them.";

    private static final String STRICT = "handling=strict";

    /** The warning for a hand-over to a user who has never had a desk. */
    static final Warning UNKNOWN_USER = new Warning(
            "unknownUser",
            "The user in userId has never had a session or a desk. If the id is wrong, withdraw the hand-over with DELETE"
                    + " /notifications/{notificationId}, or hand the session over from that user's desk.",
            "userId");

    private SessionResponses() {}

    /** Returns the warning for an offer to a user who is offline or away. */
    static Warning unavailable(String user, String target) {
        return new Warning(
                "userUnavailable",
                "The user " + InputLimits.excerpt(user)
                        + " is offline or away and may not answer. GET /presence lists users who are available.",
                target);
    }

    /**
     * Returns the session id in the path.
     *
     * @throws Refusal 404 if the id is not a valid session id, 409 {@code homeSession} for the home session
     */
    static String sessionId(Request request) {
        String id = sessionIdOrHome(request);
        if (id.equals(Session.HOME)) {
            throw Refusal.of(
                    ErrorCode.HOME_SESSION,
                    "The home session has no tabs and no context, and cannot be changed, closed or handed over."
                            + " Read it or focus it instead.");
        }
        return id;
    }

    /**
     * Returns the session id in the path, which may be the home session's.
     *
     * @throws Refusal 404 if the id is not a valid session id
     */
    static String sessionIdOrHome(Request request) {
        String id = request.pathParameter("sessionId");
        if (!id.equals(Session.HOME) && !Guid.isGuid(id)) {
            throw notFound(id);
        }
        return id;
    }

    /** Returns the session in the path, if the caller can access it. */
    static SessionOnDesk read(SessionReadStore store, SessionScope scope, Request request) {
        String id = sessionId(request);
        return store.read(scope, id, request.now()).orElseThrow(() -> notFound(id));
    }

    /** Returns the error of a change of a closed session. */
    static Refusal closed() {
        return Refusal.of(
                ErrorCode.SESSION_CLOSED, "The session is closed and therefore read-only. Reopen it, then retry.");
    }

    /**
     * Returns whether the request discards unsaved changes of tabs.
     *
     * @throws Refusal 400 for another query option
     */
    static boolean discards(Request request) {
        return request.flag("discard", Set.of("discard"));
    }

    static Refusal notFound(String id) {
        return Refusal.notFound("The session " + InputLimits.excerpt(id)
                + " does not exist, or you do not have access to it. GET /sessions lists your sessions.");
    }

    /**
     * Returns the changed session.
     *
     * @throws Refusal if the session was not changed
     */
    static SessionOnDesk done(ChangeOutcome outcome, String id) {
        return switch (outcome) {
            case ChangeOutcome.Done done -> done.session();
            case ChangeOutcome.HandedOver handedOver -> handedOver.session();
            case ChangeOutcome.HandOverOffered offered -> offered.session();
            case ChangeOutcome.HandOverPending pending ->
                throw Refusal.of(
                        ErrorCode.HAND_OVER_PENDING,
                        "The session is offered to another user, who has not answered yet. Withdraw that offer with"
                                + " DELETE /notifications/{notificationId}, then retry. handOver of the session has"
                                + " the id.");
            case ChangeOutcome.UnknownUser unknown ->
                throw Refusal.strict(Warning.violations(List.of(UNKNOWN_USER))).withHeader(PREFERENCE_APPLIED, STRICT);
            case ChangeOutcome.NotFound notFound -> throw notFound(id);
            case ChangeOutcome.VersionMismatch mismatch ->
                throw Refusal.of(
                        ErrorCode.PRECONDITION_FAILED,
                        "The session has version " + mismatch.version()
                                + ". Fetch it again and retry with the new ETag.");
            case ChangeOutcome.AlreadyClosed closed -> throw closed();
            case ChangeOutcome.UnsavedChanges unsaved ->
                throw Refusal.of(
                        ErrorCode.UNSAVED_CHANGES,
                        "These tabs of the session have unsaved changes: " + String.join(", ", unsaved.tabIds()) + ". "
                                + DISCARD);
            case ChangeOutcome.NotClosable notClosable ->
                throw Refusal.of(
                        ErrorCode.SESSION_NOT_CLOSABLE,
                        "The session's canClose is false. Set it to true, then close the session.");
            case ChangeOutcome.DispositionRequired required ->
                throw Refusal.of(
                        ErrorCode.DISPOSITION_REQUIRED,
                        "The session requires a disposition. Complete it with POST /sessions/{sessionId}/complete and one"
                                + " of: " + String.join(", ", required.dispositions()) + ".");
            case ChangeOutcome.DispositionNotAllowed notAllowed ->
                throw Refusal.invalid("invalidValue", "disposition", dispositionNotAllowed(notAllowed.dispositions()));
            case ChangeOutcome.IdTaken taken -> throw idTaken();
            case ChangeOutcome.LimitReached reached ->
                throw Refusal.of(
                        ErrorCode.SESSION_LIMIT_REACHED,
                        "The target desk already has " + reached.limit()
                                + " open sessions, the maximum. Close one of them, then retry.");
        };
    }

    private static String dispositionNotAllowed(List<String> dispositions) {
        return dispositions.isEmpty()
                ? "The session's template has no dispositions. Remove disposition."
                : "disposition must be one of those of the session's template. Send one of: "
                        + String.join(", ", dispositions) + ".";
    }

    /** Returns the error of a hand-over to a user who has a session with the same id. */
    static Refusal idTaken() {
        return Refusal.of(
                ErrorCode.NAME_ALREADY_EXISTS,
                "The receiving user already has a session with this id. Delete one of the two sessions, then retry.");
    }

    static Response of(SessionOnDesk onDesk) {
        return of(onDesk, List.of());
    }

    /** Adds warnings of this request, which are not stored with the session. */
    static Response of(SessionOnDesk onDesk, List<Warning> warnings) {
        Map<String, @Nullable Object> json = SessionJson.toJson(onDesk);
        if (!warnings.isEmpty()) {
            List<Warning> all = new ArrayList<>(onDesk.session().warnings());
            all.addAll(warnings);
            json.put("warnings", Warning.toJson(all));
        }
        return tagged(Response.ok(json), onDesk.session());
    }

    /**
     * Adds the session's ETag. A session and its tabs share one ETag because a precondition covers them as one
     * resource.
     */
    static Response tagged(Response response, Session session) {
        return response.with("ETag", EntityTag.ofVersion(session.version()).toString());
    }

    /** Adds {@code Preference-Applied} if the request is strict. */
    static Response preferred(Request request, Response response) {
        return request.isStrict() ? response.with(PREFERENCE_APPLIED, STRICT) : response;
    }

    /** Adds {@code Preference-Applied} if the request is strict. */
    static Refusal preferred(Request request, Refusal refusal) {
        return request.isStrict() ? refusal.withHeader(PREFERENCE_APPLIED, STRICT) : refusal;
    }

    /**
     * Rejects a strict request that has warnings.
     *
     * @throws Refusal 422 with all warnings
     */
    static void refuseStrict(boolean isStrict, List<Warning> warnings) {
        List<Warning> errors = isStrict ? Warning.errors(warnings) : List.of();
        if (!errors.isEmpty()) {
            throw Refusal.strict(Warning.violations(errors)).withHeader(PREFERENCE_APPLIED, STRICT);
        }
    }
}
