package io.switchboard.local.fuzz;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.local.openapi.ApiDescription;
import io.switchboard.local.openapi.ApiDescription.Operation;
import io.switchboard.local.openapi.DeployedFunctions;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.FunctionResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates successful requests for each operation of the OpenAPI document, from its path, its query options and the
 * first example of its body. Each uses a separate tenant in which the resources of the path exist. Thread-safe.
 */
final class BaseRequests implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RETRIES = 4;
    private static final String RECORD = """
            {"id":"4711","version":1,"type":"groupCall","modalities":["audio"],"startDateTime":"2026-03-04T09:15:02Z",
             "endDateTime":"2026-03-04T09:21:47Z",
             "organizer_v2":{"identity":{"@odata.type":"#microsoft.graph.communicationsIdentitySet","user":{"id":"ines","displayName":"Ines"}}},
             "participants_v2":[{"id":"ines","identity":{"user":{"id":"ines","displayName":"Ines","tenantId":"contoso"}}},{"id":"omar"}],
             "sessions":[%s,{"id":"t","modalities":["audio"],"startDateTime":"2026-03-04T09:15:03Z","endDateTime":"2026-03-04T09:21:47Z"}]}""";
    private static final String SESSION = """
            {"id":"s","modalities":["audio"],"startDateTime":"2026-03-04T09:15:02Z","endDateTime":"2026-03-04T09:21:47Z","isTest":false,
             "caller":{"name":"LAPTOP-INES","userAgent":{"platform":"web","productFamily":"teams"},
              "associatedIdentity":{"id":"ines","tenantId":"contoso"}},
             "callee":{"userAgent":{"role":"mediaController"}},
             "segments":[{"id":"g1","startDateTime":"2026-03-04T09:15:02Z","endDateTime":"2026-03-04T09:21:47Z",
              "media":[{"label":"main-audio","streams":[{"averageJitter":"PT0.006S"}]}]},
              {"id":"g2","startDateTime":"2026-03-04T09:15:02Z","endDateTime":"2026-03-04T09:21:47Z"}]}""";
    /** Bodies by schema for which the document has no suitable example. */
    private static final Map<String, String> BODIES = Map.of(
            "microsoft.graph.callRecords.callRecordInput", RECORD.formatted(SESSION),
            "microsoft.graph.callRecords.callRecordPatch",
                    "{\"type\":\"peerToPeer\",\"joinWebUrl\":\"https://example.com/join\",\"modalities\":[\"audio\",\"video\"]}",
            "microsoft.graph.callRecords.organizerPatch",
                    "{\"identity\":{\"@odata.type\":\"#microsoft.graph.communicationsIdentitySet\",\"user\":{\"id\":\"ines\"}}}",
            "microsoft.graph.callRecords.participantInput",
                    "{\"id\":\"p\",\"identity\":{\"user\":{\"id\":\"p\"}},\"administrativeUnitInfos\":[{\"id\":\"a\"}]}",
            "microsoft.graph.callRecords.participantPatch", "{\"administrativeUnitInfos\":[{\"id\":\"a\"}]}",
            "microsoft.graph.callRecords.sessionInput", SESSION,
            "microsoft.graph.callRecords.sessionPatch", "{\"isTest\":true,\"caller\":{\"name\":\"a\"}}",
            "microsoft.graph.callRecords.segmentInput",
                    "{\"id\":\"g3\",\"startDateTime\":\"2026-03-04T09:20:02Z\",\"endDateTime\":\"2026-03-04T09:21:47Z\"}",
            "microsoft.graph.callRecords.segmentPatch", "{\"media\":[{\"label\":\"main-audio\"}]}");

    private final DeployedFunctions functions;
    private final ApiDescription api;
    private final HttpServer subscriber;
    private final AtomicInteger tenants = new AtomicInteger();

    BaseRequests(DeployedFunctions functions, ApiDescription api) {
        this.functions = functions;
        this.api = api;
        try {
            subscriber = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        subscriber.createContext("/", exchange -> {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            byte[] token = query.substring(query.indexOf('=') + 1).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, token.length);
            exchange.getResponseBody().write(token);
            exchange.close();
        });
        subscriber.start();
    }

    /**
     * Returns the request without a page token and, if the response has a next link, the request of that link. Both
     * succeed.
     */
    List<FuzzRequest> of(Operation operation) {
        String tenant = "tenant-" + tenants.incrementAndGet();
        String path = path(operation, tenant);
        ApiEvent event = event(operation.method(), path, tenant);
        String schema = schema(operation);
        if (!schema.isEmpty()) {
            event.text(body(schema));
        }
        if (path.endsWith("/$metadata")) {
            event.header("accept", "application/xml");
        }
        Set<String> options = new TreeSet<>();
        for (JsonNode parameter : parameters(operation)) {
            if (parameter.path("in").asText().equals("query")) {
                options.add(parameter.path("name").asText());
                if (parameter.path("required").asBoolean()) {
                    event.query(parameter.path("name").asText(), "t-1");
                }
            } else if (parameter.path("name").asText().equals("If-Match")
                    && parameter.path("required").asBoolean()) {
                event.header("if-match", "*");
            } else if (parameter.path("name").asText().equals("If-None-Match")
                    && parameter.path("schema").has("const")) {
                event.header("if-none-match", "*");
            }
        }
        String function = function(operation.method(), path);
        List<FuzzRequest> requests = new ArrayList<>(List.of(FuzzRequest.of(function, event, options)));
        if (options.contains("$skiptoken")) {
            boolean isOfGraph = path.contains("/communications/");
            ApiEvent first = isOfGraph ? event.copy() : event.copy().query("$top", "1");
            FunctionResponse page = first.header("prefer", "odata.maxpagesize=1")
                    .sendTo(functions.named(function))
                    .is(200);
            if (page.json().get("@odata.nextLink") instanceof String link) {
                ApiEvent followed = ApiEvent.follow(link);
                ApiEvent next = event(operation.method(), path, tenant).header("prefer", "odata.maxpagesize=1");
                JsonNode query = tree(followed.toString()).path("queryStringParameters");
                query.properties()
                        .forEach(option ->
                                next.query(option.getKey(), option.getValue().asText()));
                requests.add(FuzzRequest.of(function, next, options));
            }
        }
        return requests;
    }

    /** Returns the requests of the successful cases of {@code events/}. */
    List<FuzzRequest> ofCases() {
        List<FuzzRequest> requests = new ArrayList<>();
        for (String function : functions.byName().keySet()) {
            for (EventCase each : EventCase.of(function)) {
                if (each.name().startsWith("2")) {
                    ApiEvent event = ApiEvent.of(each);
                    FuzzRequest request = FuzzRequest.of(function, event, Set.of());
                    Set<String> options = new TreeSet<>();
                    api.operation(request.method(), request.path()).ifPresent(operation -> {
                        for (JsonNode parameter : parameters(operation)) {
                            if (parameter.path("in").asText().equals("query")) {
                                options.add(parameter.path("name").asText());
                            }
                        }
                    });
                    requests.add(FuzzRequest.of(function, event, options));
                }
            }
        }
        return requests;
    }

    /** Returns the path with ids in place of its parameters, and creates their resources. */
    private String path(Operation operation, String tenant) {
        String pattern = operation.path();
        boolean isNamed = pattern.contains("{");
        boolean isList = operation.method().equals("GET") && parametersHaveToken(operation);
        String path;
        if (pattern.contains("/notifications")) {
            path = notificationPath(pattern, tenant, isNamed || isList, isList);
        } else if (pattern.endsWith("/presence")) {
            path = pattern;
            if (isList) {
                made("PUT", "/users/alice/presence", tenant, body("SetPresence"));
                made("PUT", "/users/bob/presence", tenant, body("SetPresence"));
            }
        } else if (pattern.startsWith("/sessions") || pattern.startsWith("/users")) {
            path = sessionPath(pattern, tenant, isNamed || isList, isList);
        } else if (pattern.startsWith("/communications")) {
            path = pattern;
            if (pattern.contains("{range}")) {
                makeRows(pattern, tenant);
            } else if (isNamed || isList) {
                made("POST", "/communications/callRecords", tenant, RECORD.formatted(SESSION));
                if (isList) {
                    made(
                            "POST",
                            "/communications/callRecords",
                            tenant,
                            RECORD.formatted(SESSION).replace("4711", "4712"));
                }
            }
        } else if (pattern.startsWith("/subscriptions")) {
            path = pattern;
            if (isNamed || isList) {
                String id = madeFor(isList, "/subscriptions", tenant, "SubscriptionInput")
                        .text("id");
                path = pattern.replace("{subscriptionId}", id);
            }
        } else {
            path = templatePath(operation, tenant, isNamed || isList, isList);
        }
        return operation.root()
                + path.replace("{callRecordId}", "4711")
                        .replace("{sessionId}", "s")
                        .replace("{segmentId}", "g1")
                        .replace("{participantId}", "ines")
                        .replace("{range}", range())
                        .replace("{userId}", "alice");
    }

    /** Stores two rows of the log that a function reads, with the present time. */
    private void makeRows(String pattern, String tenant) {
        for (LogRowKind kind : LogRowKind.values()) {
            if (pattern.contains(kind.function() + "(")) {
                String time = kind.time() == null ? "" : ",\"" + kind.time() + "\":\"" + Instant.now() + "\"";
                made(
                        "POST",
                        "/communications/callRecords/" + kind.collection(),
                        tenant,
                        "{\"value\":[{\"userId\":\"ines\"%1$s},{\"userId\":\"omar\"%1$s}]}".formatted(time));
            }
        }
    }

    /** Returns the parameters of a function that reads the rows of today. */
    private static String range() {
        Instant now = Instant.now();
        return "fromDateTime=" + now.minus(Duration.ofDays(1)) + ",toDateTime=" + now.plus(Duration.ofDays(1));
    }

    private String sessionPath(String pattern, String tenant, boolean isNeeded, boolean isList) {
        String path = pattern;
        if (isNeeded) {
            String sessions = pattern.startsWith("/users") ? "/users/alice/sessions" : "/sessions";
            String session = madeFor(isList, sessions, tenant, "CreateSession").text("sessionId");
            if (pattern.contains("/tabs")) {
                String tab = made("POST", sessions + "/" + session + "/tabs", tenant, body("OpenTab"))
                        .text("tabId");
                path = path.replace("{tabId}", tab);
                if (pattern.endsWith("/state")) {
                    made("PUT", sessions + "/" + session + "/tabs/" + tab + "/state", tenant, body("TabState"));
                }
            } else if (pattern.endsWith("/reopen")) {
                made("POST", sessions + "/" + session + "/close", tenant, "");
            }
            path = path.replace("{sessionId}", session);
        }
        return path;
    }

    /** Returns the path with the id of a notification to alice or, for the routes of an agent, to the own desk. */
    private String notificationPath(String pattern, String tenant, boolean isNeeded, boolean isList) {
        String path = pattern;
        if (isNeeded) {
            String notifications = pattern.startsWith("/users") ? "/users/alice/notifications" : "/notifications";
            String id = madeFor(isList, notifications, tenant, "CreateNotificationOfUser")
                    .text("notificationId");
            path = path.replace("{notificationId}", id);
        }
        return path;
    }

    private String templatePath(Operation operation, String tenant, boolean isNeeded, boolean isList) {
        String pattern = operation.path();
        boolean isPut = operation.method().equals("PUT") && pattern.endsWith("{uniqueName}");
        if (!isNeeded || isPut) {
            return pattern.replace("{uniqueName}", "contoso_put");
        }
        String kind = pattern.split("/", -1)[1];
        if (kind.equals("templates")) {
            kind = "notificationTemplates";
        }
        String name = made("POST", "/" + kind, tenant, templateBody(kind, "contoso_one"))
                .text("uniqueName");
        if (isList) {
            made("POST", "/" + kind, tenant, templateBody(kind, "contoso_two"));
        }
        if (pattern.contains("/versions")) {
            made("PATCH", "/" + kind + "/" + name, tenant, "{\"tags\":[\"changed\"]}");
        }
        if (pattern.contains("/users")) {
            made("PUT", "/appProfiles/" + name + "/users/alice", tenant, "");
            made("PUT", "/appProfiles/" + name + "/users/bob", tenant, "");
        }
        return pattern.replace("{uniqueName}", name).replace("{version}", "1");
    }

    private String templateBody(String kind, String name) {
        String singular = kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1, kind.length() - 1);
        return tree(body(singular + "Input")).put("uniqueName", name).toString();
    }

    private boolean parametersHaveToken(Operation operation) {
        return parameters(operation).stream()
                .anyMatch(parameter -> parameter.path("name").asText().equals("$skiptoken"));
    }

    /** Creates one resource, or two for a list, and returns the last response. */
    private FunctionResponse madeFor(boolean isList, String path, String tenant, String schema) {
        if (isList) {
            made("POST", path, tenant, body(schema));
        }
        return made("POST", path, tenant, body(schema));
    }

    private FunctionResponse made(String method, String path, String tenant, String body) {
        ApiEvent event = event(method, path, tenant);
        if (!body.isEmpty()) {
            event.text(body);
        }
        if (method.equals("PATCH")) {
            event.header("if-match", "*");
        }
        FunctionResponse response = event.sendTo(functions.named(function(method, path)));
        // On an overloaded machine, DynamoDB Local may not respond in time.
        for (int retry = 0; retry < RETRIES && response.status() == 503; retry++) {
            response = event.sendTo(functions.named(function(method, path)));
        }
        if (response.status() >= 300) {
            throw new IllegalStateException(method + " " + path + ": " + response.body());
        }
        return response;
    }

    private String function(String method, String path) {
        return functions
                .deployment()
                .match(method, path)
                .orElseThrow(() -> new IllegalStateException(path))
                .route()
                .function();
    }

    private static ApiEvent event(String method, String path, String tenant) {
        ApiEvent event = ApiEvent.of(method, path).claim("tid", tenant);
        if (path.contains("/communications/") || path.contains("/subscriptions") || path.endsWith("$batch")) {
            return event.permissions("CallRecords.ReadWrite.All");
        }
        if (path.startsWith("/notifications")) {
            return event.permissions("Sessions.ReadWrite Sessions.ReadWrite.All");
        }
        return path.startsWith("/users") || path.equals("/presence")
                ? event.backend("Sessions.ReadWrite.All").claim("tid", tenant)
                : event;
    }

    private List<JsonNode> parameters(Operation operation) {
        List<JsonNode> parameters = new ArrayList<>();
        JsonNode item = api.document().path("paths").path(operation.path());
        for (JsonNode owner : List.of(item, item.path(operation.method().toLowerCase(Locale.ROOT)))) {
            owner.path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
        }
        return parameters;
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? api.document().at(node.path("$ref").asText().substring(1)) : node;
    }

    /** Returns the name of the first schema of the body, or empty for an operation without a body. */
    private String schema(Operation operation) {
        JsonNode content = api.document()
                .path("paths")
                .path(operation.path())
                .path(operation.method().toLowerCase(Locale.ROOT))
                .path("requestBody")
                .path("content");
        JsonNode schema = content.path("application/json").path("schema");
        while (!schema.has("$ref") && (schema.has("anyOf") || schema.has("oneOf"))) {
            schema = schema.has("anyOf")
                    ? schema.path("anyOf").path(0)
                    : schema.path("oneOf").path(0);
        }
        return schema.path("$ref").asText().replace("#/components/schemas/", "");
    }

    private String body(String schema) {
        if (BODIES.containsKey(schema)) {
            return requireNonNull(BODIES.get(schema));
        }
        ObjectNode body = (ObjectNode) api.document()
                .at("/components/schemas/" + schema + "/examples/0")
                .deepCopy();
        if (body.has("expirationDateTime")) {
            body.put(
                    "expirationDateTime",
                    Instant.now().plus(Duration.ofHours(2)).toString());
        }
        if (body.has("notificationUrl")) {
            body.put(
                    "notificationUrl",
                    "http://127.0.0.1:" + subscriber.getAddress().getPort() + "/");
        }
        return body.toString();
    }

    private static ObjectNode tree(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        subscriber.stop(0);
    }
}
