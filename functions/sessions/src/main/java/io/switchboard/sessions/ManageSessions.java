package io.switchboard.sessions;

import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.identity.Permission;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.SessionStore;
import io.switchboard.template.catalog.ApplicationTabTemplates;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Serves existing sessions, their tabs and the desk: the caller's own and, below {@code /users/{userId}}, those of any
 * user.
 */
public final class ManageSessions extends ApiFunction {
    private final SessionStore store;
    private final ApplicationTabTemplates tabTemplates;
    private final RecordSources records;

    /** Creates the function in the Lambda environment. */
    public ManageSessions() {
        this(System.getenv());
    }

    /** Creates the function in the given environment. */
    public ManageSessions(Map<String, String> environment) {
        this(new SessionEnvironment(environment));
        registerForSnapshots();
    }

    private ManageSessions(SessionEnvironment environment) {
        this(
                environment.sessionStore(),
                environment.applicationTabTemplates(),
                environment.recordSources(),
                environment.apiSettings(),
                InstantSource.system());
    }

    ManageSessions(
            SessionStore store,
            ApplicationTabTemplates tabTemplates,
            RecordSources records,
            ApiSettings settings,
            InstantSource clock) {
        super(routes(store, tabTemplates, records), settings, clock);
        this.store = store;
        this.tabTemplates = tabTemplates;
        this.records = records;
    }

    /** Reads a desk, a session and a template, like most requests. */
    @Override
    protected void prime() {
        SessionScope scope = SessionScope.all(new Owner("priming", "priming"));
        store.desk(scope.owner(), Instant.EPOCH);
        store.read(scope, "priming", Instant.EPOCH);
        tabTemplates.find("priming", List.of("priming"), true, Instant.EPOCH);
    }

    @Override
    protected void restored() {
        tabTemplates.clear();
        records.clear();
    }

    private static RouteTable routes(SessionStore store, ApplicationTabTemplates tabTemplates, RecordSources records) {
        SessionOperations sessions = new SessionOperations(store, store, store, records);
        TabOperations tabs = new TabOperations(store, store, tabTemplates, records);
        DeskOperations desk = new DeskOperations(store);
        List<Route> routes = new ArrayList<>();
        addRoutes(routes, "", SessionRoutes.READERS, SessionRoutes.WRITERS, sessions, tabs, desk);
        addRoutes(routes, "/users/{userId}", SessionRoutes.BACKENDS, SessionRoutes.BACKENDS, sessions, tabs, desk);
        routes.add(Route.open("GET", "/openapi.json", OpenApiDocument::serve));
        return new RouteTable(routes);
    }

    private static void addRoutes(
            List<Route> routes,
            String base,
            Permission[] readers,
            Permission[] writers,
            SessionOperations sessions,
            TabOperations tabs,
            DeskOperations desk) {
        String collection = base + "/sessions";
        String one = collection + "/{sessionId}";
        routes.add(Route.servedElsewhere("POST", collection));
        routes.add(Route.of("GET", collection, sessions::list, readers));
        routes.add(Route.of("GET", one, sessions::read, readers));
        routes.add(Route.of("PATCH", one, sessions::patch, writers));
        routes.add(Route.of("DELETE", one, sessions::delete, writers));
        routes.add(Route.of("POST", one + "/focus", sessions::focus, writers));
        routes.add(Route.of("POST", one + "/requestFocus", sessions::requestFocus, writers));
        routes.add(Route.of("POST", one + "/close", sessions::close, writers));
        routes.add(Route.of("POST", one + "/reopen", sessions::reopen, writers));
        routes.add(Route.of("POST", one + "/handOver", sessions::handOver, writers));
        // Requires only read permission, because it changes nothing.
        routes.add(Route.of("POST", one + "/resolveSlug", sessions::resolveSlug, readers));
        String tab = one + "/tabs/{tabId}";
        routes.add(Route.of("GET", one + "/tabs", tabs::list, readers));
        routes.add(Route.of("POST", one + "/tabs", tabs::create, writers));
        routes.add(Route.of("GET", tab, tabs::read, readers));
        routes.add(Route.of("PATCH", tab, tabs::patch, writers));
        routes.add(Route.of("DELETE", tab, tabs::delete, writers));
        routes.add(Route.of("POST", tab + "/focus", tabs::focus, writers));
        routes.add(Route.of("POST", tab + "/refresh", tabs::refresh, writers));
        routes.add(Route.of("GET", base + "/desk", desk::read, readers));
    }
}
