package io.switchboard.sessions;

import io.switchboard.dynamodb.Keys;
import io.switchboard.dynamodb.Listing;
import io.switchboard.http.ObjectReader;
import io.switchboard.http.Precondition;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.http.Violations;
import io.switchboard.identity.Identifier;
import io.switchboard.session.ChangeOutcome;
import io.switchboard.session.Session;
import io.switchboard.session.SessionFilter;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionStore;
import io.switchboard.template.OpenSessionResolver;
import io.switchboard.template.RecordSource;
import io.switchboard.template.RecordSources;
import io.switchboard.template.ResolvedText;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operations on sessions that are there. Thread-safe. */
record SessionOperations(SessionStore store, RecordSources records) {
    // In the same order in every process: a message names them.
    private static final Map<String, Boolean> STATUSES =
            Collections.unmodifiableMap(new TreeMap<>(Map.of("open", true, "closed", false)));
    private static final int LONGEST_TEXT = 65_536;
    private static final String USER_ID = "userId";
    private static final String TEXT = "text";

    Response list(Request request) {
        SessionScope scope = SessionRoutes.scope(request);
        Listing listing = Listing.of(request, SessionRoutes.whose(scope), Set.of("status", "templateName"));
        SessionFilter filter = new SessionFilter(
                listing.filter("status", STATUSES).orElse(null),
                listing.filter("templateName").orElse(null));
        return listing.response(store.list(scope, filter, listing.page(), request.now()), SessionJson::toJson);
    }

    Response read(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        if (SessionAnswers.knownId(request).equals(Session.HOME)) {
            String focused = store.desk(scope.owner(), request.now()).focusedSessionId();
            return Response.ok(SessionJson.homeJson(focused.equals(Session.HOME)));
        }
        return SessionAnswers.of(SessionAnswers.read(store, scope, request));
    }

    Response patch(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        SessionPatch patch =
                SessionPatch.parse(request, records.of(scope.owner().tenant()));
        String id = SessionAnswers.sessionId(request);
        Response response = SessionAnswers.of(
                SessionAnswers.done(store.change(scope, id, Precondition.of(request), patch, request.now()), id));
        return SessionAnswers.preferred(request, response);
    }

    /** Closes and forgets. */
    Response delete(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = closableId(request);
        SessionAnswers.done(store.delete(scope, id, Precondition.of(request), request.now()), id);
        return Response.noContent();
    }

    Response close(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = closableId(request);
        return SessionAnswers.of(
                SessionAnswers.done(store.close(scope, id, Precondition.of(request), request.now()), id));
    }

    private static String closableId(Request request) {
        String id = SessionAnswers.knownId(request);
        if (id.equals(Session.HOME)) {
            throw Refusal.conflict("sessionNotClosable", "The home session is always there and cannot be closed.");
        }
        return id;
    }

    Response reopen(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = SessionAnswers.sessionId(request);
        return SessionAnswers.of(
                SessionAnswers.done(store.reopen(scope, id, Precondition.of(request), request.now()), id));
    }

    Response focus(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = SessionAnswers.knownId(request);
        if (id.equals(Session.HOME)) {
            store.focusHome(scope.owner(), request.now());
            return Response.ok(SessionJson.homeJson(true));
        }
        return SessionAnswers.of(
                SessionAnswers.done(store.focus(scope, id, Precondition.of(request), request.now()), id));
    }

    /** Marks the session so that the agent may turn to it; who looks at it already needs no marker. */
    Response requestFocus(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = SessionAnswers.sessionId(request);
        return SessionAnswers.of(SessionAnswers.done(
                store.change(
                        scope,
                        id,
                        Precondition.of(request),
                        onDesk -> onDesk.isFocused() || onDesk.session().focusRequested()
                                ? onDesk.session()
                                : onDesk.session()
                                        .draft(request.now())
                                        .focusRequested(true)
                                        .build(),
                        request.now()),
                id));
    }

    Response handOver(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String user = user(request, scope);
        String id = SessionAnswers.sessionId(request);
        ChangeOutcome outcome =
                store.handOver(scope, id, user, !request.isStrict(), Precondition.of(request), request.now());
        boolean isUnknown = outcome instanceof ChangeOutcome.HandedOver handedOver && !handedOver.isUserKnown();
        return SessionAnswers.preferred(
                request,
                SessionAnswers.of(
                        SessionAnswers.done(outcome, id),
                        isUnknown ? List.of(SessionAnswers.UNKNOWN_USER) : List.of()));
    }

    private static String user(Request request, SessionScope scope) {
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(false), "", violations);
        String user = body.requiredText(USER_ID, Keys.LONGEST_PART);
        body.refuseUnknown();
        if (!user.isEmpty() && !Identifier.isValid(user)) {
            body.violation("invalidValue", USER_ID, "userId is not a valid id. " + Identifier.RULE);
        } else if (violations.isEmpty() && user.equals(scope.owner().user())) {
            body.violation(
                    "invalidValue",
                    USER_ID,
                    "userId is the user who has the session already. Send the id of the user who takes it.");
        } else if (violations.isEmpty() && !Keys.fits(user)) {
            body.violation("tooLong", USER_ID, "userId is longer than " + Keys.LONGEST_PART + " bytes once encoded.");
        }
        violations.refuseAny();
        return user;
    }

    /** A caller's text with the session's values in it. Nothing is written, and a closed session answers too. */
    Response resolveSlug(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        String text = text(request);
        SessionOnDesk onDesk = SessionAnswers.read(store, scope, request);
        ResolvedText resolved = new OpenSessionResolver(onDesk.session(), RecordSource.NONE).text(text);
        SessionAnswers.refuseStrict(request.isStrict(), resolved.warnings());
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("value", resolved.value());
        json.put("warnings", SessionJson.warnings(resolved.warnings()));
        return SessionAnswers.preferred(request, Response.ok(json));
    }

    private static String text(Request request) {
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(false), "", violations);
        // Empty and blank texts are texts like others here.
        @Nullable String text = body.optionalText(TEXT, LONGEST_TEXT);
        if (body.any(TEXT) == null) {
            body.violation("required", TEXT, "text is required: send what is to be resolved, such as {customerName}.");
        }
        body.refuseUnknown();
        violations.refuseAny();
        return text == null ? "" : text;
    }
}
