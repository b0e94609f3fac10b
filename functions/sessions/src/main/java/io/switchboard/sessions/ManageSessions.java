package io.switchboard.sessions;

import io.switchboard.dynamodb.Listing;
import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Guid;
import io.switchboard.http.Json;
import io.switchboard.http.Precondition;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.http.Sha256;
import io.switchboard.identity.Permission;
import io.switchboard.session.ChangeOutcome;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionFilter;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads, lists and closes sessions, and shows the desk: the caller's own, and below {@code /users/{userId}} anybody's. */
public final class ManageSessions extends ApiFunction {
    // In the same order in every process: a message names them.
    private static final Map<String, Boolean> STATUSES =
            Collections.unmodifiableMap(new TreeMap<>(Map.of("open", true, "closed", false)));
    private static final int ENTITY_TAG_BYTES = 9;

    private final SessionStore store;

    /** The function as Lambda starts it. */
    public ManageSessions() {
        this(System.getenv());
    }

    /** The function in this environment. */
    public ManageSessions(Map<String, String> environment) {
        this(new SessionEnvironment(environment));
        registerForSnapshots();
    }

    private ManageSessions(SessionEnvironment environment) {
        this(environment.sessionStore(), environment.apiSettings(), InstantSource.system());
    }

    ManageSessions(SessionStore store, ApiSettings settings, InstantSource clock) {
        super(routes(store), settings, clock);
        this.store = store;
    }

    /** Reads a desk and a session, as most requests do. */
    @Override
    protected void prime() {
        SessionScope nobody = SessionScope.all(new Owner("rehearsal", "rehearsal"));
        store.desk(nobody.owner(), Instant.EPOCH);
        store.read(nobody, "rehearsal", Instant.EPOCH);
    }

    private static RouteTable routes(SessionStore store) {
        List<Route> routes = new ArrayList<>();
        addRoutes(routes, "", SessionRoutes.READERS, SessionRoutes.WRITERS, store);
        addRoutes(routes, "/users/{userId}", SessionRoutes.BACKENDS, SessionRoutes.BACKENDS, store);
        routes.add(Route.open("GET", "/openapi.json", OpenApiDocument::serve));
        return new RouteTable(routes);
    }

    private static void addRoutes(
            List<Route> routes, String base, Permission[] readers, Permission[] writers, SessionStore store) {
        routes.add(Route.servedElsewhere("POST", base + "/sessions"));
        routes.add(Route.of("GET", base + "/sessions", request -> list(store, request), readers));
        routes.add(Route.of("GET", base + "/sessions/{sessionId}", request -> read(store, request), readers));
        routes.add(Route.of("POST", base + "/sessions/{sessionId}/close", request -> close(store, request), writers));
        routes.add(Route.of("GET", base + "/desk", request -> desk(store, request), readers));
    }

    private static Response list(SessionStore store, Request request) {
        SessionScope scope = SessionRoutes.scope(request);
        Listing listing = Listing.of(request, whose(scope), Set.of("status", "templateName"));
        SessionFilter filter = new SessionFilter(
                listing.filter("status", STATUSES).orElse(null),
                listing.filter("templateName").orElse(null));
        return listing.response(store.list(scope, filter, listing.page(), request.now()), SessionJson::toJson);
    }

    private static String whose(SessionScope scope) {
        return scope.owner().tenant() + " " + scope.owner().user() + " " + scope.provider();
    }

    private static Response read(SessionStore store, Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        String id = request.pathParameter("sessionId");
        if (id.equals(Session.HOME)) {
            String focused = store.desk(scope.owner(), request.now()).focusedSessionId();
            return Response.ok(SessionJson.homeJson(focused.equals(Session.HOME)));
        }
        return Guid.isGuid(id)
                ? store.read(scope, id, request.now())
                        .map(ManageSessions::response)
                        .orElseThrow(() -> notFound(id))
                : refuseUnknown(id);
    }

    private static Response close(SessionStore store, Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        String id = request.pathParameter("sessionId");
        if (id.equals(Session.HOME)) {
            throw Refusal.conflict("sessionNotClosable", "The home session is always there and cannot be closed.");
        }
        if (!Guid.isGuid(id)) {
            return refuseUnknown(id);
        }
        return response(done(store.close(scope, id, Precondition.of(request), request.now()), id));
    }

    /** The session as the change left it, or the answer that says why it did not. */
    private static SessionOnDesk done(ChangeOutcome outcome, String id) {
        return switch (outcome) {
            case ChangeOutcome.Done done -> done.session();
            case ChangeOutcome.NotFound notFound -> throw notFound(id);
            case ChangeOutcome.VersionMismatch mismatch ->
                throw Refusal.of(
                        412,
                        "preconditionFailed",
                        "The session is at version " + mismatch.version() + ". Read it again and decide anew.");
            case ChangeOutcome.AlreadyClosed closed ->
                throw Refusal.conflict(
                        "sessionClosed", "The session is closed and can be read only. Reopen it, then try again.");
            case ChangeOutcome.NotClosable notClosable ->
                throw Refusal.conflict(
                        "sessionNotClosable",
                        "The session's canClose is false: set it to true, then close the session.");
            case ChangeOutcome.IdTaken taken ->
                throw Refusal.conflict(
                        "nameAlreadyExists",
                        "The other user has a session of this id already. Delete one of the two, then hand over the other.");
            case ChangeOutcome.LimitReached reached ->
                throw Refusal.conflict(
                        "sessionLimitReached",
                        "The desk has its " + reached.limit() + " open sessions. Close one, then try again.");
        };
    }

    private static Response desk(SessionStore store, Request request) {
        request.query(Set.of());
        SessionScope scope = SessionRoutes.scope(request);
        Map<String, @Nullable Object> desk = SessionJson.toJson(store.desk(scope.owner(), request.now()), scope);
        // The desk's own version does not tell when a session on it changes: the tag is of what is shown.
        byte[] digest = Sha256.of(Json.write(desk));
        EntityTag tag = new EntityTag(HexFormat.of().formatHex(digest, 0, ENTITY_TAG_BYTES));
        return Response.ok(desk).withEntityTag(tag, request);
    }

    private static Response response(SessionOnDesk onDesk) {
        return Response.ok(SessionJson.toJson(onDesk))
                .with("ETag", EntityTag.ofVersion(onDesk.session().version()).toString());
    }

    private static Response refuseUnknown(String id) {
        throw notFound(id);
    }

    private static Refusal notFound(String id) {
        return Refusal.notFound("There is no session " + id + " among those you may see. GET /sessions lists them.");
    }
}
