package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.Route;
import io.switchboard.replay.ApiEvent;
import io.switchboard.testing.EventBusServer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Permissions ({@code docs/reference/permissions.md}): every route of sessions and desks, for every kind of caller, on
 * a session of every kind of owner. The cells of the matrix are independent of each other.
 */
class PermissionMatrixTest {
    /** The user and the application that created the session, relative to the caller. */
    private enum Owner {
        /** The caller's user, by the caller's application. */
        OWN,
        /** The caller's user, by another application. */
        OTHER_PROVIDER,
        /** Another user of the same tenant. */
        OTHER_USER,
        /** A user of the same id in another tenant. */
        OTHER_TENANT
    }

    /** The permissions and the user of a token. */
    private enum Token {
        READ("Sessions.Read", true),
        READ_WRITE("Sessions.ReadWrite", true),
        PROVIDER("Sessions.ReadWrite.Provider", true),
        /**
         * Read permission as in APM with write permission as in CIF: reads all sessions and changes only those of its
         * provider.
         */
        READ_AND_PROVIDER("Sessions.Read Sessions.ReadWrite.Provider", true),
        ALL("Sessions.ReadWrite.All", true),
        ALL_AND_OWN("Sessions.ReadWrite Sessions.ReadWrite.All", true),
        TEMPLATES("Templates.ReadWrite", true),
        NONE("openid", true),
        APP_READ_WRITE("Sessions.ReadWrite", false),
        APP_ALL("Sessions.ReadWrite.All", false),
        /** Without claims. */
        NOBODY("", false);

        private final String permissions;
        private final boolean hasUser;

        Token(String permissions, boolean hasUser) {
            this.permissions = permissions;
            this.hasUser = hasUser;
        }

        private boolean has(String permission) {
            return List.of(permissions.split(" ", -1)).contains(permission);
        }

        private boolean reads() {
            return has("Sessions.Read") || writes();
        }

        private boolean writes() {
            return has("Sessions.ReadWrite") || has("Sessions.ReadWrite.Provider");
        }

        private boolean hasAll(Need need) {
            return has("Sessions.ReadWrite") || (need == Need.READ && has("Sessions.Read"));
        }
    }

    /** The permission that an operation requires. */
    private enum Need {
        READ,
        WRITE
    }

    /**
     * A row of the matrix: the properties of a route.
     *
     * @param success the status for a permitted caller with access to the session
     * @param body the body of the request
     * @param isOfOne whether the path contains a session id; otherwise the route applies to all sessions of the caller
     */
    private record Row(Need need, int success, Map<String, Object> body, boolean isOfOne) {
        static Row of(Need need, int success, Map<String, Object> body) {
            return new Row(need, success, body, true);
        }

        static Row of(Need need, int success) {
            return of(need, success, Map.of());
        }

        static Row ofAll(Need need, int success, Map<String, Object> body) {
            return new Row(need, success, body, false);
        }
    }

    private static final String ONE = "/sessions/{sessionId}";
    /** Only for the caller, and without sessions in its response. */
    private static final String MY_EVENTS = "GET /me/events";

    private static final String TAB = ONE + "/tabs/{tabId}";

    /** Returns the rows. They also apply below {@code /users/{userId}}, for backends only. */
    private static Map<String, Row> rows() {
        Map<String, Row> rows = new TreeMap<>();
        rows.put("POST /sessions", Row.ofAll(Need.WRITE, 201, CALL));
        rows.put("GET /sessions", Row.ofAll(Need.READ, 200, Map.of()));
        rows.put("GET /desk", Row.ofAll(Need.READ, 200, Map.of()));
        rows.put(MY_EVENTS, Row.ofAll(Need.READ, 200, Map.of()));
        rows.put("GET " + ONE, Row.of(Need.READ, 200));
        rows.put("PATCH " + ONE, Row.of(Need.WRITE, 200, Map.of("title", "Changed")));
        rows.put("DELETE " + ONE, Row.of(Need.WRITE, 204));
        rows.put("POST " + ONE + "/focus", Row.of(Need.WRITE, 200));
        rows.put("POST " + ONE + "/requestFocus", Row.of(Need.WRITE, 200));
        rows.put("POST " + ONE + "/close", Row.of(Need.WRITE, 200));
        rows.put("POST " + ONE + "/complete", Row.of(Need.WRITE, 200, Map.of("notes", "Done.")));
        rows.put("POST " + ONE + "/reopen", Row.of(Need.WRITE, 200));
        rows.put("POST " + ONE + "/handOver", Row.of(Need.WRITE, 200, Map.of("userId", "successor")));
        rows.put("POST " + ONE + "/resolveSlug", Row.of(Need.READ, 200, Map.of("text", "{customer}")));
        rows.put("GET " + ONE + "/tabs", Row.of(Need.READ, 200));
        rows.put("POST " + ONE + "/tabs", Row.of(Need.WRITE, 201, Map.of("templateName", "msdyn_entityrecord")));
        rows.put("GET " + TAB, Row.of(Need.READ, 200));
        rows.put("PATCH " + TAB, Row.of(Need.WRITE, 200, Map.of("title", "Changed")));
        rows.put("DELETE " + TAB, Row.of(Need.WRITE, 204));
        rows.put("POST " + TAB + "/focus", Row.of(Need.WRITE, 200));
        rows.put("POST " + TAB + "/refresh", Row.of(Need.WRITE, 200));
        rows.put(
                "POST " + ONE + "/analyticsEvents",
                Row.of(Need.WRITE, 200, Map.of("value", List.of(Map.of("eventName", "CallStarted")))));
        rows.put("GET " + TAB + "/state", Row.of(Need.READ, 200));
        rows.put("PUT " + TAB + "/state", Row.of(Need.WRITE, 200, Map.of("draft", "Changed")));
        rows.put("DELETE " + TAB + "/state", Row.of(Need.WRITE, 204));
        return rows;
    }

    /** A session of an owner, with a closable tab that has a state. */
    private record Target(String sessionId, String tabId) {}

    private static final String USERS = "/users/{userId}";
    private static final EventBusServer BUS = new EventBusServer();

    private SessionFixture fixture = desk();

    /** Returns a fixture with a separate user and enough slots for the sessions of one route. */
    private static SessionFixture desk() {
        return new SessionFixture(BUS, "SESSION_LIMIT", "100");
    }

    @TestFactory
    Stream<DynamicTest> every_route_returns_the_status_of_the_matrix_to_every_caller() {
        List<DynamicTest> tests = new ArrayList<>();
        Map<String, Row> rows = rows();
        Map<String, Route> routes = routes();
        for (var entry : routes.entrySet()) {
            String bare = entry.getKey().replace(USERS, "");
            Row row = rows.get(bare);
            tests.add(DynamicTest.dynamicTest(entry.getKey(), () -> {
                assertThat(row).as("a row for %s", bare).isNotNull();
                check(entry.getValue(), requireNonNull(row));
            }));
        }
        tests.add(DynamicTest.dynamicTest("no row without its two routes", () -> {
            for (String row : rows.keySet()) {
                assertThat(routes).containsKey(row);
                if (!row.equals(MY_EVENTS)) {
                    assertThat(routes).containsKey(row.replace(" /", " " + USERS + "/"));
                }
            }
        }));
        return tests.stream();
    }

    /** Returns the routes of both functions, without the ones that need no token. */
    private Map<String, Route> routes() {
        Map<String, Route> routes = new LinkedHashMap<>();
        for (var function : List.of(fixture.create, fixture.manage)) {
            for (Route route : function.routes().routes()) {
                // NotificationTest has the matrix of notifications, which have senders and users instead of one owner.
                // PresenceTest has the one of presences, which are not on a desk.
                boolean isOfSessions = !route.pattern().contains("/notifications")
                        && !route.pattern().endsWith("/presence");
                if (route.operation() != null && !route.isOpen() && isOfSessions) {
                    routes.put(route.method() + " " + route.pattern(), route);
                }
            }
        }
        return routes;
    }

    private void check(Route route, Row row) {
        boolean isBelowUsers = route.pattern().startsWith(USERS);
        fixture = desk();
        Map<Owner, Target> targets = new EnumMap<>(Owner.class);
        for (Token token : Token.values()) {
            for (Owner owner : Owner.values()) {
                int expected = isBelowUsers ? expectedOfBackend(token, owner, row) : expected(token, owner, row);
                Target target = targets.computeIfAbsent(owner, any -> target(any, row));
                String path = route.pattern()
                        .replace("{userId}", userOf(owner))
                        .replace("{sessionId}", target.sessionId)
                        .replace("{tabId}", target.tabId);
                ApiEvent event = event(token, route.method(), path);
                if (!row.body.isEmpty()) {
                    event.body(row.body);
                }
                if (route.pattern().endsWith("/sessions") && row.need == Need.READ) {
                    event.query("$top", "100");
                }
                boolean isCreate =
                        route.pattern().endsWith("/sessions") && route.method().equals("POST");
                var answer = event.sendTo(isCreate ? fixture.create : fixture.manage);
                assertThat(answer.status())
                        .as("%s %s as %s on %s: %s", route.method(), route.pattern(), token, owner, answer.body())
                        .isEqualTo(expected);
                if (row.need == Need.WRITE && expected < 300) {
                    targets.remove(owner);
                }
                if (!row.isOfOne
                        && expected == 200
                        && route.method().equals("GET")
                        && !MY_EVENTS.endsWith(route.pattern())) {
                    boolean isListed = answer.body().contains(target.sessionId);
                    boolean isSeen = isBelowUsers ? owner != Owner.OTHER_TENANT : hasIt(token, owner, Need.READ);
                    assertThat(isListed)
                            .as("%s lists the session of %s for %s", route.pattern(), owner, token)
                            .isEqualTo(isSeen);
                }
            }
        }
    }

    /** Checks a caller on its own sessions. Sessions of other users do not exist for it. */
    private static int expected(Token token, Owner owner, Row row) {
        if (token == Token.NOBODY) {
            return 401;
        }
        boolean isAllowed = row.need == Need.READ ? token.reads() : token.writes();
        if (!isAllowed || !token.hasUser) {
            return 403;
        }
        return !row.isOfOne || hasIt(token, owner, row.need) ? row.success : 404;
    }

    private static boolean hasIt(Token token, Owner owner, Need need) {
        return switch (owner) {
            case OWN -> true;
            case OTHER_PROVIDER -> token.hasAll(need);
            case OTHER_USER, OTHER_TENANT -> false;
        };
    }

    /** Checks a backend on the sessions of a user in the same tenant, created by any application. */
    private static int expectedOfBackend(Token token, Owner owner, Row row) {
        if (token == Token.NOBODY) {
            return 401;
        }
        if (!token.has("Sessions.ReadWrite.All")) {
            return 403;
        }
        return !row.isOfOne || owner != Owner.OTHER_TENANT ? row.success : 404;
    }

    private ApiEvent event(Token token, String method, String path) {
        ApiEvent event = fixture.event(method, path);
        if (token == Token.NOBODY) {
            return event.withoutClaims();
        }
        return token.hasUser
                ? event.permissions(token.permissions).claim("azp", "connector")
                : event.backend(token.permissions).claim("tid", fixture.tenant);
    }

    private String userOf(Owner owner) {
        return owner == Owner.OTHER_USER ? "other-" + fixture.user : fixture.user;
    }

    /** Creates a session in the background, so that a focus request changes it. */
    private Target target(Owner owner, Row row) {
        ApiEvent create = fixture.post(Map.of("templateName", "msdyn_chat_session", "isFocused", false))
                .user(userOf(owner))
                .claim("azp", owner == Owner.OTHER_PROVIDER ? "another" : "connector");
        if (owner == Owner.OTHER_TENANT) {
            create.claim("tid", "other-" + fixture.tenant);
        }
        String id = create.sendTo(fixture.create).is(201).text("sessionId");
        if (!row.isOfOne) {
            return new Target(id, "");
        }
        ApiEvent open = fixture.event("POST", "/sessions/" + id + "/tabs")
                .user(userOf(owner))
                .body(Map.of("templateName", "msdyn_entityrecord"));
        if (owner == Owner.OTHER_TENANT) {
            open.claim("tid", "other-" + fixture.tenant);
        }
        String tab = open.sendTo(fixture.manage).is(201).text("tabId");
        ApiEvent state = fixture.event("PUT", "/sessions/" + id + "/tabs/" + tab + "/state")
                .user(userOf(owner))
                .body(Map.of("draft", "Dear customer"));
        if (owner == Owner.OTHER_TENANT) {
            state.claim("tid", "other-" + fixture.tenant);
        }
        state.sendTo(fixture.manage).is(200);
        return new Target(id, tab);
    }
}
