package io.switchboard.local.deployment;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.callrecords.CreateCallRecordSession;
import io.switchboard.callrecords.ManageCallRecords;
import io.switchboard.callrecords.SweepCallRecords;
import io.switchboard.callrecords.notifications.ChangeType;
import io.switchboard.callrecords.notifications.DynamoDbSubscriptionStore;
import io.switchboard.callrecords.notifications.NotifySubscribers;
import io.switchboard.callrecords.notifications.SendNotifications;
import io.switchboard.callrecords.notifications.Subscription;
import io.switchboard.callrecords.notifications.SubscriptionStatus;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.json.Json;
import io.switchboard.local.fuzz.AwsEndpoint;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.FaultyEndpoint;
import io.switchboard.replay.Tables;
import io.switchboard.replay.TestContext;
import io.switchboard.sessions.CreateSession;
import io.switchboard.sessions.ManageSessions;
import io.switchboard.sessions.PublishSessionEvents;
import io.switchboard.templates.ManageTemplates;
import io.switchboard.testing.PushServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs all functions and collects the lines that they log, with a context as on AWS. AWS services and subscribers are
 * local endpoints.
 */
final class LoggedRuns implements AutoCloseable {
    /** The functions behind routes. */
    static final Map<String, Function<Map<String, String>, RequestStreamHandler>> API_FUNCTIONS = Map.of(
            "CreateSession", CreateSession::new,
            "ManageSessions", ManageSessions::new,
            "ManageTemplates", ManageTemplates::new,
            "CreateCallRecordSession", CreateCallRecordSession::new,
            "ManageCallRecords", ManageCallRecords::new);
    /** The functions behind streams and queues. */
    static final Map<String, Function<Map<String, String>, RequestStreamHandler>> OTHER_FUNCTIONS = Map.of(
            "PublishSessionEvents", PublishSessionEvents::new,
            "NotifySubscribers", NotifySubscribers::new,
            "SendNotifications", SendNotifications::new,
            "SweepCallRecords", SweepCallRecords::new);

    private static final String UNREACHABLE = "http://127.0.0.1:9";
    private static final String TENANT = "contoso";
    /** The subscription of the tables of cases. */
    private static final String SUBSCRIPTION = "5d1f7c7e-2a34-4a55-9c5e-0f6f3b9a7c10";

    private final AwsEndpoint aws = new AwsEndpoint();
    private final HttpServer subscriber = subscriber();
    private final PushServer push = new PushServer();
    private final Map<String, List<String>> lines = new LinkedHashMap<>();

    /** The context of one invocation in a deployment: its ids and names are as long as on AWS. */
    private static final class DeployedContext extends TestContext {
        private DeployedContext(String function) {
            super("switchboard-" + function + "-1A2b3C4d5E6f");
        }

        @Override
        public String getAwsRequestId() {
            return "8f3c6f0e-5b5c-4f6e-9d6a-0c1f2e3d4b5a";
        }

        @Override
        public String getFunctionVersion() {
            return "12";
        }

        @Override
        public String getXrayTraceId() {
            return "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0";
        }
    }

    /** Returns the lines of the runs so far, by function. */
    Map<String, List<String>> lines() {
        return lines;
    }

    /** Runs each function with all cases of its table. */
    void replayCases() {
        API_FUNCTIONS.forEach((function, create) -> {
            var handler = create.apply(environment(new Tables()));
            EventCase.of(function).forEach(each -> run(function, handler, each.text()));
        });
        OTHER_FUNCTIONS.forEach((function, create) -> {
            var handler = create.apply(withSubscription("/accepts"));
            EventCase.of(function).forEach(each -> run(function, handler, each.text()));
        });
    }

    /** Runs each function with AWS services that cannot be reached or throttle, and with failing third parties. */
    void runWithFaults() {
        var unreachable = environment(new Tables());
        unreachable.put("AWS_ENDPOINT_URL_DYNAMODB", UNREACHABLE);
        unreachable.put("AWS_ENDPOINT_URL_EVENTBRIDGE", UNREACHABLE);
        unreachable.putAll(push.environment());
        unreachable.put("PUSH_HTTP", UNREACHABLE + "/event");
        unreachable.put("NOTIFICATIONS_QUEUE_URL", UNREACHABLE + "/000000000000/Notifications");
        try (var dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint())) {
            dynamoDb.plan(call -> FaultyEndpoint.Fault.THROTTLED);
            var throttled = environment(new Tables());
            throttled.put("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url());
            API_FUNCTIONS.forEach((function, create) -> {
                for (var environment : List.of(unreachable, throttled)) {
                    run(function, create.apply(environment), committed(function));
                }
            });
        }
        OTHER_FUNCTIONS.forEach((function, create) -> run(function, create.apply(unreachable), committed(function)));
        run(
                "SendNotifications",
                new SendNotifications(withSubscription("/refuses")),
                committed("SendNotifications")
                        .replace("\"ApproximateReceiveCount\":\"1\"", "\"ApproximateReceiveCount\":\"15\""));
    }

    /** Runs functions with requests, and a batch of a stack with push, that write the other members and metrics. */
    void runFlows() {
        var environment = environment(new Tables());
        var withPush = new HashMap<>(environment);
        withPush.putAll(push.environment());
        run("PublishSessionEvents", new PublishSessionEvents(withPush), committed("PublishSessionEvents"));
        var unreachableRecords = new HashMap<>(environment);
        unreachableRecords.put("RECORD_SOURCE_SECRET", "arn:aws:secretsmanager:us-east-1:123456789012:secret:r-AbCdEf");
        unreachableRecords.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", UNREACHABLE);
        var create = new CreateSession(environment);
        var templates = new ManageTemplates(environment);
        run(
                "ManageTemplates",
                templates,
                ApiEvent.of("POST", "/sessionTemplates").body(template("contoso_call", "")));
        run(
                "ManageTemplates",
                templates,
                ApiEvent.of("POST", "/sessionTemplates")
                        .body(template("contoso_record", "{$odata.account.name.?$filter=name eq 'a'&$select=name}")));
        var post = ApiEvent.of("POST", "/sessions")
                .header("idempotency-key", "once")
                .header("client-request-id", "client-1")
                .header("x-correlation-id", "3f2504e0-4f89-41d3-9a0c-0305e82c3301")
                .body(Map.of("templateName", "contoso_call"));
        run("CreateSession", create, post);
        var replayed = run("CreateSession", create, post);
        String session = String.valueOf(Json.readOwn(replayed).get("body"));
        run(
                "ManageSessions",
                new ManageSessions(environment),
                ApiEvent.of(
                                "POST",
                                "/sessions/" + session.replaceFirst("^\\{\"sessionId\":\"([^\"]+)\".*", "$1") + "/tabs")
                        .body(Map.of("templateName", "msdyn_entityrecord")));
        run(
                "CreateSession",
                new CreateSession(unreachableRecords),
                ApiEvent.of("POST", "/sessions").body(Map.of("templateName", "contoso_record")));
        run(
                "ManageCallRecords",
                new ManageCallRecords(environment),
                ApiEvent.of("POST", "/subscriptions")
                        .backend("CallRecords.ReadWrite.All CallRecords.Read.All")
                        .body(Map.of(
                                "changeType",
                                "updated",
                                "notificationUrl",
                                url("/refuses"),
                                "resource",
                                "/communications/callRecords",
                                "expirationDateTime",
                                Instant.now().plus(Duration.ofHours(2)).toString())));
    }

    private static Map<String, Object> template(String name, String title) {
        return Map.of(
                "uniqueName",
                name,
                "name",
                "Call",
                "type",
                "generic",
                "title",
                title + "{absent}",
                "communicationPanelMode",
                "docked",
                "anchorTab",
                "msdyn_omnichannel_kbsearch");
    }

    /** Returns the case of a function's table that writes or reads in an empty database. */
    private static String committed(String function) {
        return EventCase.of(function).stream()
                .filter(each -> each.isCommitted() && each.name().matches("20.*|[A-Z].*|created.*|swept.*"))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private String run(String function, RequestStreamHandler handler, ApiEvent event) {
        return run(function, handler, event.toString());
    }

    private String run(String function, RequestStreamHandler handler, String event) {
        var output = new ByteArrayOutputStream();
        var context = new DeployedContext(function);
        try {
            handler.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), output, context);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines.computeIfAbsent(function, name -> new ArrayList<>()).addAll(context.lines());
        return output.toString(StandardCharsets.UTF_8);
    }

    private Map<String, String> environment(Tables tables) {
        var environment = tables.environment("PRIVATE_NOTIFICATION_URLS", "true");
        aws.environment().forEach(environment::putIfAbsent);
        return environment;
    }

    private Map<String, String> withSubscription(String path) {
        var tables = new Tables();
        var environment = environment(tables);
        new DynamoDbSubscriptionStore(new DynamoDb(tables.client()), environment.getOrDefault("CALL_RECORDS_TABLE", ""))
                .create(
                        new Subscription(
                                TENANT,
                                SUBSCRIPTION,
                                "recorder",
                                "recorder",
                                "/communications/callRecords",
                                List.of(ChangeType.CREATED, ChangeType.UPDATED),
                                url(path),
                                null,
                                null,
                                null,
                                Instant.now().plus(Duration.ofHours(1)),
                                new SubscriptionStatus(Instant.now().minus(Duration.ofHours(5)), null, null)),
                        null,
                        Instant.now());
        return environment;
    }

    private String url(String path) {
        return "http://127.0.0.1:" + subscriber.getAddress().getPort() + path;
    }

    private static HttpServer subscriber() {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/accepts", exchange -> {
                exchange.sendResponseHeaders(202, -1);
                exchange.close();
            });
            server.createContext("/refuses", exchange -> {
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
            });
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        aws.close();
        push.close();
        subscriber.stop(0);
    }
}
