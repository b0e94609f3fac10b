package io.switchboard.sessions;

import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.EntityTag;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.json.Json;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.SessionStore;
import io.switchboard.template.catalog.ProfileUser;
import io.switchboard.template.catalog.TemplateAccess;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code POST /sessions} and {@code POST /users/{userId}/sessions}: a session from a template. */
public final class CreateSession extends ApiFunction {
    /** So often that the compiler has seen the path of a create, and not just the class loader. */
    private static final int REHEARSALS = 20;

    private static final String DRY_RUN = "dryRun";
    private static final String PREFERENCE_APPLIED = "Preference-Applied";

    private final TemplateAccess access;
    private final RecordSources records;
    private final @Nullable SessionEnvironment environment;

    /** The function as Lambda starts it. */
    public CreateSession() {
        this(System.getenv());
    }

    /** The function in this environment. */
    public CreateSession(Map<String, String> environment) {
        this(new SessionEnvironment(environment));
        registerForSnapshots();
    }

    private CreateSession(SessionEnvironment environment) {
        this(
                environment.templateAccess(),
                environment.sessionStore(),
                environment.recordSources(),
                environment.apiSettings(),
                InstantSource.system(),
                environment);
    }

    CreateSession(TemplateAccess access, SessionStore store, ApiSettings settings, InstantSource clock) {
        this(access, store, RecordSources.NONE, settings, clock);
    }

    CreateSession(
            TemplateAccess access,
            SessionStore store,
            RecordSources records,
            ApiSettings settings,
            InstantSource clock) {
        this(access, store, records, settings, clock, null);
    }

    private CreateSession(
            TemplateAccess access,
            SessionStore store,
            RecordSources records,
            ApiSettings settings,
            InstantSource clock,
            @Nullable SessionEnvironment environment) {
        super(routes(new SessionFactory(access, store, records)), settings, clock);
        this.access = access;
        this.records = records;
        this.environment = environment;
    }

    private static RouteTable routes(SessionFactory sessions) {
        Route.Operation create = request -> create(sessions, request);
        return new RouteTable(List.of(
                Route.of("POST", "/sessions", create, SessionRoutes.WRITERS),
                Route.of("POST", "/users/{userId}/sessions", create, SessionRoutes.BACKENDS)));
    }

    private static Response create(SessionFactory sessions, Request request) {
        boolean isDryRun = request.flag(DRY_RUN, Set.of(DRY_RUN));
        SessionScope scope = SessionRoutes.writableScope(request);
        SessionRequest wanted = SessionRequest.parse(request);
        @Nullable String key = isDryRun ? null : request.idempotencyKey().orElse(null);
        SessionFactory.Order order = new SessionFactory.Order(
                key == null ? null : request.bodyHash(), key, isDryRun, request.wantsFresh(), request.isStrict());
        String base = SessionRoutes.base(request);
        CreateResult result = sessions.create(
                scope.owner(),
                // Whose roles a backend's token holds is the backend's.
                base.isEmpty() ? request.caller().roles() : Set.of(),
                request.caller().provider(),
                base.isEmpty() ? "/sessions" : "/users/sessions",
                wanted,
                order,
                request.now());
        Response response =
                switch (result) {
                    case CreateResult.Created created -> {
                        RequestLog.current().count(Metric.SESSIONS_CREATED);
                        RequestLog.current()
                                .count(
                                        Metric.RESOLUTION_WARNINGS,
                                        created.session().session().warnings().size());
                        yield stored(request, base, created.session());
                    }
                    case CreateResult.Replayed replayed ->
                        stored(request, base, replayed.session()).with("Idempotency-Replayed", "true");
                    case CreateResult.Computed computed ->
                        Response.ok(SessionJson.toDryRunJson(
                                computed.session(), computed.isFocused(), computed.warnings()));
                    case CreateResult.Refused refused ->
                        throw request.isStrict()
                                ? refused.answer().withHeader(PREFERENCE_APPLIED, "handling=strict")
                                : refused.answer();
                };
        return request.isStrict() ? response.with(PREFERENCE_APPLIED, "handling=strict") : response;
    }

    private static Response stored(Request request, String base, SessionOnDesk onDesk) {
        return Response.created(
                        request.url(base + "/sessions/" + onDesk.session().id()), SessionJson.toJson(onDesk))
                .with("ETag", EntityTag.ofVersion(onDesk.session().version()).toString());
    }

    /**
     * Creates that keep nothing load the classes of a request: both specifications' forms, and a refusal. One read of the real
     * tables opens the connection.
     */
    @Override
    protected void prime() {
        if (environment != null) {
            CreateSession rehearsing = new CreateSession(environment.rehearsal());
            for (int i = 0; i < REHEARSALS; i++) {
                rehearsing.rehearse(rehearsal("""
                        {"templateName":"CallSessionTemplate","templateParameters":{"customer":"Contoso"}}"""));
                rehearsing.rehearse(rehearsal("""
                        {"templateName":"case_entity_session_default_template","sessionContext":{"parametersStr":
                        "[[\\"entityName\\",\\"incident\\"],[\\"entityId\\",\\"rehearsal\\"]]"}}"""));
                rehearsing.rehearse(rehearsal("""
                        {"templateName":"rehearsal"}"""));
                rehearsing.rehearse(rehearsal("""
                        {"channel":"rehearsal"}"""));
                rehearsing.restored();
            }
            new CreateSession(environment.refusal()).rehearse(rehearsal("""
                    {"templateName":"msdyn_chat_session"}"""));
        }
        // What a first create reads before it writes, from the real table: profiles are not remembered over a snapshot.
        access.of(new ProfileUser("rehearsal", "rehearsal", Set.of()), true, Instant.EPOCH)
                .profile();
    }

    /** An event as API Gateway sends it; the claims are nobody's. */
    private static String rehearsal(String body) {
        return """
                {"rawPath":"/sessions","headers":{"content-type":"application/json","idempotency-key":"rehearsal",
                "accept-encoding":"gzip"},
                "requestContext":{"http":{"method":"POST"},"domainName":"localhost","authorizer":{"jwt":{"claims":{
                "tid":"rehearsal","oid":"rehearsal","azp":"rehearsal","scp":"Sessions.ReadWrite"}}}},"body":
                """ + Json.write(body) + "}";
    }

    @Override
    protected void restored() {
        access.forget();
        records.forget();
    }
}
