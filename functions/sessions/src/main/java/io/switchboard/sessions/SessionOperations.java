package io.switchboard.sessions;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Listing;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.session.Session;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionStatus;
import io.switchboard.session.resolve.OpenSessionResolver;
import io.switchboard.session.store.Closing;
import io.switchboard.session.store.DeskReadStore;
import io.switchboard.session.store.SessionChangeStore;
import io.switchboard.session.store.SessionFilter;
import io.switchboard.session.store.SessionReadStore;
import io.switchboard.slug.ResolvedText;
import io.switchboard.slug.Warning;
import io.switchboard.text.Guid;
import io.switchboard.text.InputLimits;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The operations on existing sessions. Thread-safe. */
final class SessionOperations {
    private static final String STATUS = "status";
    private static final String CLOSED = SessionStatus.CLOSED.text();
    private static final String TEMPLATE_NAME = "templateName";
    private static final String CLOSED_FROM = "closedFrom";
    private static final String CLOSED_TO = "closedTo";
    private static final String SEARCH = "search";
    private static final String ORDER_BY = "$orderby";
    /** The query options that only a list of closed sessions accepts. */
    private static final List<String> HISTORY_OPTIONS = List.of(CLOSED_FROM, CLOSED_TO, SEARCH, ORDER_BY);

    private static final Set<String> LIST_OPTIONS =
            Set.of(STATUS, TEMPLATE_NAME, CLOSED_FROM, CLOSED_TO, SEARCH, ORDER_BY);
    /** The orders; true is ascending. As in OData, the default direction is asc. */
    private static final Map<String, Boolean> ORDERS = Collections.unmodifiableMap(
            new TreeMap<>(Map.of("closedDateTime", true, "closedDateTime asc", true, "closedDateTime desc", false)));

    private static final int LONGEST_TEXT = 65_536;
    private static final String TEXT = "text";

    private final SessionReadStore reads;
    private final DeskReadStore desks;
    private final SessionChangeStore changes;
    private final RecordSources records;
    private final SessionClosings closings;

    SessionOperations(
            SessionReadStore reads,
            DeskReadStore desks,
            SessionChangeStore changes,
            RecordSources records,
            SessionClosings closings) {
        this.reads = reads;
        this.desks = desks;
        this.changes = changes;
        this.records = records;
        this.closings = closings;
    }

    Response list(Request request) {
        SessionScope scope = SessionRoutes.scope(request);
        // The store itself parses the positions of closed sessions.
        boolean isHistory = request.queryOption(STATUS).filter(CLOSED::equals).isPresent();
        Listing listing = Listing.of(
                request, SessionRoutes.listingScope(scope), LIST_OPTIONS, isHistory ? position -> true : Guid::isGuid);
        SessionFilter filter = filter(listing);
        return listing.response(reads.list(scope, filter, listing.page(), request.now()), SessionJson::toJson);
    }

    private static SessionFilter filter(Listing listing) {
        @Nullable
        SessionStatus status = listing.filter(STATUS, SessionStatus.BY_TEXT).orElse(null);
        @Nullable String templateName = listing.filter(TEMPLATE_NAME).orElse(null);
        Violations violations = new Violations();
        if (status != SessionStatus.CLOSED) {
            for (String option : HISTORY_OPTIONS) {
                if (listing.filter(option).isPresent()) {
                    violations.add(
                            "notAllowed",
                            option,
                            option + " is allowed only with status=closed. Add status=closed, or remove " + option
                                    + ".");
                }
            }
            Refusal.ifAny(violations);
            return new SessionFilter(status, templateName);
        }
        @Nullable Instant from = time(listing, CLOSED_FROM, violations);
        @Nullable Instant to = time(listing, CLOSED_TO, violations);
        if (from != null && to != null && !from.isBefore(to)) {
            violations.add(
                    "invalidValue",
                    CLOSED_TO,
                    "closedTo must be later than closedFrom. Send a later closedTo; the range does not include it.");
        }
        @Nullable String search = listing.filter(SEARCH).orElse(null);
        if (search != null && search.codePointCount(0, search.length()) > SessionFilter.LONGEST_SEARCH) {
            violations.add(
                    "tooLong",
                    SEARCH,
                    "search is longer than " + SessionFilter.LONGEST_SEARCH + " characters. Send a shorter text.");
        }
        @Nullable String orderBy = listing.filter(ORDER_BY).orElse(null);
        if (orderBy != null && !ORDERS.containsKey(orderBy)) {
            violations.add(
                    "invalidValue",
                    ORDER_BY,
                    "$orderby has the value " + InputLimits.excerpt(orderBy) + ", which is not supported. Send one of: "
                            + String.join(", ", ORDERS.keySet()) + ".");
        }
        Refusal.ifAny(violations);
        return new SessionFilter(
                status, templateName, from, to, search, orderBy != null && Boolean.TRUE.equals(ORDERS.get(orderBy)));
    }

    private static @Nullable Instant time(Listing listing, String option, Violations violations) {
        @Nullable String text = listing.filter(option).orElse(null);
        if (text == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            violations.add(
                    "invalidValue",
                    option,
                    option + " has the value " + InputLimits.excerpt(text)
                            + ", which is not a date and time with an offset."
                            + " Send one such as 2026-11-30T08:00:00Z or 2026-11-30T09:00:00%2B01:00.");
            return null;
        }
    }

    Response read(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        if (SessionResponses.sessionIdOrHome(request).equals(Session.HOME)) {
            String focused = desks.desk(scope.owner(), request.now()).focusedSessionId();
            return Response.ok(SessionJson.homeJson(focused.equals(Session.HOME)));
        }
        return SessionResponses.of(SessionResponses.read(reads, scope, request));
    }

    Response patch(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        SessionPatch patch =
                SessionPatch.parse(request, records.of(scope.owner().tenant()));
        String id = SessionResponses.sessionId(request);
        Response response = SessionResponses.of(
                SessionResponses.done(changes.change(scope, id, request.precondition(), patch, request.now()), id));
        return SessionResponses.preferred(request, response);
    }

    /** Closes and forgets. */
    Response delete(Request request) {
        boolean discards = SessionResponses.discards(request);
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = closableId(request);
        SessionResponses.done(changes.delete(scope, id, request.precondition(), discards, request.now()), id);
        return Response.noContent();
    }

    Response close(Request request) {
        SessionScope scope = SessionRoutes.writableScope(request);
        return closed(request, scope, closings.close(request, scope));
    }

    /** Closes with a disposition. */
    Response complete(Request request) {
        SessionScope scope = SessionRoutes.writableScope(request);
        return closed(request, scope, closings.complete(request, scope));
    }

    private Response closed(Request request, SessionScope scope, Closing closing) {
        String id = closableId(request);
        return SessionResponses.of(
                SessionResponses.done(changes.close(scope, id, request.precondition(), closing, request.now()), id));
    }

    private static String closableId(Request request) {
        String id = SessionResponses.sessionIdOrHome(request);
        if (id.equals(Session.HOME)) {
            throw Refusal.of(ErrorCode.SESSION_NOT_CLOSABLE, "The home session is always there and cannot be closed.");
        }
        return id;
    }

    Response reopen(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = SessionResponses.sessionId(request);
        return SessionResponses.of(
                SessionResponses.done(changes.reopen(scope, id, request.precondition(), request.now()), id));
    }

    Response focus(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = SessionResponses.sessionIdOrHome(request);
        if (id.equals(Session.HOME)) {
            changes.focusHome(scope.owner(), request.now());
            return Response.ok(SessionJson.homeJson(true));
        }
        return SessionResponses.of(
                SessionResponses.done(changes.focus(scope, id, request.precondition(), request.now()), id));
    }

    /** Marks the session so that the agent may turn to it; who looks at it already needs no marker. */
    Response requestFocus(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.writableScope(request);
        String id = SessionResponses.sessionId(request);
        return SessionResponses.of(SessionResponses.done(
                changes.change(
                        scope,
                        id,
                        request.precondition(),
                        onDesk ->
                                onDesk.isFocused() || onDesk.session().markers().focusRequested()
                                        ? onDesk.session()
                                        : onDesk.session().focusRequested(request.now()),
                        request.now()),
                id));
    }

    /** Replaces the slugs of a text with the session's values. Writes nothing, and also works for a closed session. */
    Response resolveSlug(Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        String text = text(request);
        SessionOnDesk onDesk = SessionResponses.read(reads, scope, request);
        ResolvedText resolved = new OpenSessionResolver(onDesk.session(), RecordSource.NONE).text(text);
        SessionResponses.refuseStrict(request.isStrict(), resolved.warnings());
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("value", resolved.value());
        json.put("warnings", Warning.toJson(resolved.warnings()));
        return SessionResponses.preferred(request, Response.ok(json));
    }

    private static String text(Request request) {
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(false), "", violations);
        // Empty and blank texts are valid here.
        @Nullable String text = body.optionalText(TEXT, LONGEST_TEXT);
        if (body.any(TEXT) == null) {
            body.violation("required", TEXT, "text is required. Send the text to resolve, such as {customerName}.");
        }
        body.rejectUnknown();
        Refusal.ifAny(violations);
        return text == null ? "" : text;
    }
}
