package io.switchboard.sessions;

import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.PrimingRequest;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.runtime.Metric;
import io.switchboard.runtime.RequestLog;
import io.switchboard.session.Session;
import io.switchboard.session.SessionJson;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.store.CreateOutcome;
import io.switchboard.template.rule.RuleEvaluation;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Creates sessions from templates: {@code POST /sessions} and {@code POST /users/{userId}/sessions}. */
public final class CreateSession extends ApiFunction {
    private static final String DRY_RUN = "dryRun";

    private final SessionFactory sessions;
    private final @Nullable SessionEnvironment environment;

    /** Creates the function in the Lambda environment. */
    public CreateSession() {
        this(System.getenv());
    }

    /** Creates the function in the given environment. */
    public CreateSession(Map<String, String> environment) {
        this(new SessionEnvironment(environment));
        registerForSnapshots(environment);
    }

    CreateSession(SessionEnvironment environment) {
        this(environment.sessionFactory(), environment.apiSettings(), InstantSource.system(), environment);
    }

    /** @param environment for priming; null for a function that is not primed with requests */
    CreateSession(
            SessionFactory sessions,
            ApiSettings settings,
            InstantSource clock,
            @Nullable SessionEnvironment environment) {
        super(routes(sessions), settings, clock);
        this.sessions = sessions;
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
        Creator creator = Creator.of(request);
        SessionRequest wanted = SessionRequest.parse(request);
        CreateOptions options = isDryRun ? CreateOptions.ofDryRun(request) : CreateOptions.of(request);
        try {
            Response response = isDryRun
                    ? computed(sessions.dryRun(creator, wanted, options, request.now()))
                    : stored(request, sessions.create(creator, wanted, options, request.now()));
            return SessionResponses.preferred(request, response);
        } catch (Refusal refusal) {
            throw SessionResponses.preferred(request, refusal);
        }
    }

    private static Response computed(DryRun dryRun) {
        Map<String, @Nullable Object> json =
                SessionJson.toDryRunJson(dryRun.session(), dryRun.isFocused(), dryRun.warnings());
        if (!dryRun.evaluations().isEmpty()) {
            List<Map<String, Object>> evaluations = new ArrayList<>();
            for (RuleEvaluation each : dryRun.evaluations()) {
                Map<String, Object> evaluation = new LinkedHashMap<>();
                evaluation.put("name", each.name());
                evaluation.put("matched", each.matched());
                evaluation.put("reason", each.reason());
                evaluations.add(evaluation);
            }
            json.put("ruleEvaluation", evaluations);
        }
        return Response.ok(json);
    }

    private static Response stored(Request request, CreateOutcome outcome) {
        return switch (outcome) {
            case CreateOutcome.Created created -> {
                RequestLog log = RequestLog.current();
                log.count(Metric.SESSIONS_CREATED);
                log.count(
                        Metric.RESOLUTION_WARNINGS,
                        created.session().session().warnings().size());
                yield stored(request, created.session());
            }
            case CreateOutcome.Replayed replayed ->
                stored(request, replayed.session()).with("Idempotency-Replayed", "true");
            case CreateOutcome.KeyReused reused -> throw Refusal.idempotencyKeyReused();
            case CreateOutcome.LimitReached reached ->
                throw Refusal.of(ErrorCode.SESSION_LIMIT_REACHED, SessionFactory.limitMessage(reached.limit()));
        };
    }

    private static Response stored(Request request, SessionOnDesk onDesk) {
        Session session = onDesk.session();
        String location = SessionRoutes.base(request) + "/sessions/" + session.id();
        return SessionResponses.tagged(Response.created(request.url(location), SessionJson.toJson(onDesk)), session);
    }

    /**
     * Loads and compiles the code of a request by creates that store nothing: in the forms of both specifications, and
     * rejected ones. One read of the real tables opens the connection.
     */
    @Override
    protected void prime() {
        if (environment != null) {
            CreateSession priming = new CreateSession(environment.priming());
            for (int round = 0; round < PRIMING_ROUNDS; round++) {
                prime(priming, post(round, """
                        {"templateName":"CallSessionTemplate","templateParameters":{"customer":"Contoso"}}"""));
                prime(priming, post(round, """
                        {"templateName":"case_entity_session_default_template","sessionContext":{"parametersStr":
                        "[[\\"entityName\\",\\"incident\\"],[\\"entityId\\",\\"priming\\"]]"}}"""));
                prime(priming, post(round, """
                        {"templateName":"priming"}"""));
                prime(priming, post(round, """
                        {"channel":"priming"}"""));
                priming.restored();
            }
            primeAny(new CreateSession(environment.rejectingWrites()), post(0, """
                    {"templateName":"msdyn_chat_session"}"""));
        }
        sessions.prime();
    }

    /** Returns a request of a user who has not created ten sessions yet. */
    static PrimingRequest post(int round, String body) {
        return new PrimingRequest("priming-" + round / 10, "POST", "/sessions", body, "priming-" + round);
    }

    @Override
    protected void restored() {
        sessions.clear();
    }
}
