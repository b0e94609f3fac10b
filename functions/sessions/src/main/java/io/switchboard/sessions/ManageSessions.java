package io.switchboard.sessions;

import io.switchboard.http.ApiFunction;
import io.switchboard.http.PrimingRequest;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.identity.Permission;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.OfferStore;
import io.switchboard.session.store.SessionStore;
import io.switchboard.template.catalog.ApplicationTabTemplates;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Serves existing sessions, their tabs, notifications and the desk: the caller's own and, below
 * {@code /users/{userId}}, those of any user.
 */
public final class ManageSessions extends ApiFunction {
    /** The path in the {@code Location} of a created session. */
    private static final Pattern CREATED = Pattern.compile("/sessions/[-\\w]+");

    private final SessionStore store;
    private final ApplicationTabTemplates tabTemplates;
    private final RecordSources records;
    private final OfferFactory offerFactory;
    private final PresenceOperations presences;
    private final SessionEnvironment environment;

    /** Creates the function in the Lambda environment. */
    public ManageSessions() {
        this(System.getenv());
    }

    /** Creates the function in the given environment. */
    public ManageSessions(Map<String, String> environment) {
        this(new SessionEnvironment(environment));
        registerForSnapshots(environment);
    }

    private ManageSessions(SessionEnvironment environment) {
        this(
                environment.sessionStore(),
                environment.applicationTabTemplates(),
                environment.recordSources(),
                environment.offerStore(),
                environment.offerFactory(),
                environment,
                InstantSource.system());
    }

    /** Creates the function with the offers of the environment. */
    ManageSessions(
            SessionStore store,
            ApplicationTabTemplates tabTemplates,
            RecordSources records,
            SessionEnvironment environment,
            InstantSource clock) {
        this(store, tabTemplates, records, environment.offerStore(), environment.offerFactory(), environment, clock);
    }

    ManageSessions(
            SessionStore store,
            ApplicationTabTemplates tabTemplates,
            RecordSources records,
            OfferStore offers,
            OfferFactory offerFactory,
            SessionEnvironment environment,
            InstantSource clock) {
        this(store, tabTemplates, records, offers, offerFactory, environment.presenceOperations(), environment, clock);
    }

    ManageSessions(
            SessionStore store,
            ApplicationTabTemplates tabTemplates,
            RecordSources records,
            OfferStore offers,
            OfferFactory offerFactory,
            PresenceOperations presences,
            SessionEnvironment environment,
            InstantSource clock) {
        super(
                routes(store, tabTemplates, records, offers, offerFactory, presences, environment),
                environment.apiSettings(),
                clock);
        this.presences = presences;
        this.store = store;
        this.tabTemplates = tabTemplates;
        this.records = records;
        this.offerFactory = offerFactory;
        this.environment = environment;
    }

    /**
     * Loads and compiles the code of the most frequent requests, with sessions that are not stored. Reads of the real
     * tables open the connection.
     */
    @Override
    protected void prime() {
        SessionEnvironment notStored = environment.priming();
        CreateSession create = new CreateSession(notStored);
        ManageSessions manage = new ManageSessions(notStored);
        for (int round = 0; round < PRIMING_ROUNDS; round++) {
            PrimingRequest post = CreateSession.post(round, """
                    {"templateName":"CallSessionTemplate","templateParameters":{"customer":"Contoso"}}""");
            Matcher created = CREATED.matcher(prime(create, post));
            prime(manage, new PrimingRequest(post.user(), "GET", "/desk", ""));
            prime(manage, new PrimingRequest(post.user(), "GET", "/sessions", ""));
            if (created.find()) {
                String session = created.group();
                prime(manage, new PrimingRequest(post.user(), "GET", session, ""));
                prime(manage, new PrimingRequest(post.user(), "POST", session + "/focus", ""));
                prime(manage, new PrimingRequest(post.user(), "PATCH", session, "{\"title\":\"Contoso\"}"));
            }
        }
        SessionScope scope = SessionScope.all(new Owner("priming", "priming"));
        store.desk(scope.owner(), Instant.EPOCH);
        store.read(scope, "priming", Instant.EPOCH);
        tabTemplates.find("priming", List.of("priming"), true, Instant.EPOCH);
        environment.eventBus();
    }

    @Override
    protected void restored() {
        tabTemplates.clear();
        records.clear();
        offerFactory.clear();
        presences.clear();
    }

    private static RouteTable routes(
            SessionStore store,
            ApplicationTabTemplates tabTemplates,
            RecordSources records,
            OfferStore offers,
            OfferFactory offerFactory,
            PresenceOperations presences,
            SessionEnvironment environment) {
        SessionOperations sessions =
                new SessionOperations(store, store, store, records, new SessionClosings(tabTemplates, records));
        TabOperations tabs = new TabOperations(store, store, tabTemplates, records);
        DeskOperations desk = new DeskOperations(store);
        List<Route> routes = new ArrayList<>();
        addRoutes(routes, "", SessionRoutes.READERS, SessionRoutes.WRITERS, sessions, tabs, desk);
        addRoutes(routes, "/users/{userId}", SessionRoutes.BACKENDS, SessionRoutes.BACKENDS, sessions, tabs, desk);
        addRoutes(routes, new OfferOperations(offers, offerFactory));
        addRoutes(routes, presences);
        addRoutes(routes, new TabStateOperations(environment.tabStates()));
        HandOverOperations handOvers = new HandOverOperations(store, offers, offerFactory);
        String handOver = "/sessions/{sessionId}/handOver";
        routes.add(Route.of("POST", handOver, handOvers::handOver, SessionRoutes.WRITERS));
        routes.add(Route.of("POST", "/users/{userId}" + handOver, handOvers::handOver, SessionRoutes.BACKENDS));
        AnalyticsOperations analytics = new AnalyticsOperations(store, environment::eventBus);
        String analyticsEvents = "/sessions/{sessionId}/analyticsEvents";
        routes.add(Route.of("POST", analyticsEvents, analytics::publish, SessionRoutes.WRITERS));
        routes.add(Route.of("POST", "/users/{userId}" + analyticsEvents, analytics::publish, SessionRoutes.BACKENDS));
        PushOperations push = new PushOperations(environment.pushEndpoints());
        routes.add(Route.of("GET", "/me/events", push::read, SessionRoutes.READERS));
        routes.add(Route.open("GET", "/openapi.json", OpenApiDocument::serve));
        for (String root : ServiceDocument.ROOTS) {
            routes.add(Route.open("GET", root, ServiceDocument::serve));
        }
        return new RouteTable(routes);
    }

    private static void addRoutes(List<Route> routes, TabStateOperations states) {
        String state = "/sessions/{sessionId}/tabs/{tabId}/state";
        routes.add(Route.of("GET", state, states::read, SessionRoutes.READERS));
        routes.add(Route.of("PUT", state, states::replace, SessionRoutes.WRITERS));
        routes.add(Route.of("DELETE", state, states::delete, SessionRoutes.WRITERS));
        String ofUser = "/users/{userId}" + state;
        routes.add(Route.of("GET", ofUser, states::read, SessionRoutes.BACKENDS));
        routes.add(Route.of("PUT", ofUser, states::replace, SessionRoutes.BACKENDS));
        routes.add(Route.of("DELETE", ofUser, states::delete, SessionRoutes.BACKENDS));
    }

    private static void addRoutes(List<Route> routes, OfferOperations offers) {
        String one = "/notifications/{notificationId}";
        routes.add(Route.of("POST", "/notifications", offers::create, SessionRoutes.SENDERS));
        routes.add(Route.of("GET", "/notifications", offers::list, SessionRoutes.OFFER_READERS));
        routes.add(Route.of("DELETE", "/notifications", offers::cancelAll, SessionRoutes.SENDERS));
        routes.add(Route.of("GET", one, offers::read, SessionRoutes.OFFER_READERS));
        routes.add(Route.of("DELETE", one, offers::cancel, SessionRoutes.SENDERS));
        routes.add(Route.of("POST", one + "/accept", offers::accept, SessionRoutes.WRITERS));
        routes.add(Route.of("POST", one + "/reject", offers::reject, SessionRoutes.WRITERS));
        String ofUser = "/users/{userId}";
        routes.add(Route.of("POST", ofUser + "/notifications", offers::create, SessionRoutes.BACKENDS));
        routes.add(Route.of("POST", ofUser + one + "/accept", offers::accept, SessionRoutes.BACKENDS));
        routes.add(Route.of("POST", ofUser + one + "/reject", offers::reject, SessionRoutes.BACKENDS));
    }

    private static void addRoutes(List<Route> routes, PresenceOperations presences) {
        routes.add(Route.of("GET", "/me/presence", presences::read, SessionRoutes.READERS));
        routes.add(Route.of("PUT", "/me/presence", presences::set, SessionRoutes.WRITERS));
        routes.add(Route.of("GET", "/users/{userId}/presence", presences::read, SessionRoutes.BACKENDS));
        routes.add(Route.of("PUT", "/users/{userId}/presence", presences::set, SessionRoutes.BACKENDS));
        routes.add(Route.of("GET", "/presence", presences::list, SessionRoutes.BACKENDS));
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
        routes.add(Route.of("POST", one + "/complete", sessions::complete, writers));
        routes.add(Route.of("POST", one + "/reopen", sessions::reopen, writers));
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
