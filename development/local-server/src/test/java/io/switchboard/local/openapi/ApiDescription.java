package io.switchboard.local.openapi;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.switchboard.sessions.ManageSessions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The OpenAPI document. Reports the differences of requests and responses from it, including undocumented statuses,
 * headers, query options and members of closed schemas. Thread-safe.
 */
public final class ApiDescription {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID = "https://switchboard.example/openapi.json";
    private static final String HEAD = "HEAD";
    private static final String JSON_TYPE = "application/json";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    /**
     * Response headers that API Gateway, the local server and HTTP add, and those that the document describes for every
     * response in its introduction.
     */
    private static final Set<String> NOT_THE_OPERATIONS = Set.of(
            "apigw-requestid",
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "date",
            // Every response of Graph's routes has it, errors of all kinds too.
            "odata-version",
            "transfer-encoding",
            "vary",
            "www-authenticate",
            "x-content-type-options");

    /** Request headers that the API reads. OpenAPI describes Accept, Authorization and Content-Type elsewhere. */
    private static final Set<String> HEADERS_IN = Set.of(
            "cache-control",
            "client-request-id",
            "idempotency-key",
            "if-match",
            "if-none-match",
            "prefer",
            "x-correlation-id");

    private final JsonNode document;
    private final SchemaRegistry schemas;
    private final List<Operation> operations;

    /**
     * An operation of the document under one of the roots that its path lists as servers.
     *
     * @param method in upper case
     * @param root empty, or for example {@code /v1.0}
     * @param path the path in the document, for example {@code /sessions/{sessionId}}
     * @param permissions any of them suffices; empty if no token is required
     */
    public record Operation(String method, String root, String path, Set<String> permissions) {
        /** Returns the path including the root. */
        public String pattern() {
            return root + path;
        }

        private String pointer() {
            return "/paths/" + path.replace("/", "~1") + "/" + method.toLowerCase(Locale.ROOT);
        }
    }

    private ApiDescription(String text) {
        try {
            document = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(Map.of(ID, text))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .locale(Locale.ROOT)
                                .build()));
        operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(member -> {
                    if (METHODS.contains(member.getKey())) {
                        for (String root : roots(path.getValue())) {
                            operations.add(new Operation(
                                    member.getKey().toUpperCase(Locale.ROOT),
                                    root,
                                    path.getKey(),
                                    permissions(member.getValue())));
                        }
                    }
                }));
    }

    private static List<String> roots(JsonNode item) {
        if (!item.has("servers")) {
            return List.of("");
        }
        List<String> roots = new ArrayList<>();
        item.path("servers")
                .forEach(server -> roots.add(server.path("url").asText().replaceFirst("/$", "")));
        return roots;
    }

    /** Returns the document that the function serves. */
    public static ApiDescription read() {
        return new ApiDescription(text());
    }

    static String text() {
        try (InputStream stream =
                requireNonNull(ManageSessions.class.getResourceAsStream("/io/switchboard/api/openapi.json"))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> permissions(JsonNode operation) {
        Set<String> permissions = new TreeSet<>();
        for (JsonNode alternative : operation.path("security")) {
            alternative.path("token").forEach(permission -> permissions.add(permission.asText()));
        }
        return permissions;
    }

    /** Returns the whole document. */
    public JsonNode document() {
        return document;
    }

    /** Returns all operations in the order of the document. */
    public List<Operation> operations() {
        return List.copyOf(operations);
    }

    /** Returns the operation that serves a request, with HEAD as GET. A literal segment wins over a parameter. */
    public Optional<Operation> operation(String sentMethod, String path) {
        String method = sentMethod.equals(HEAD) ? "GET" : sentMethod;
        Optional<Operation> best = Optional.empty();
        for (Operation operation : operations) {
            if (operation.method.equals(method)
                    && fits(operation.pattern(), path)
                    && (best.isEmpty()
                            || parameters(operation.pattern())
                                    < parameters(best.orElseThrow().pattern()))) {
                best = Optional.of(operation);
            }
        }
        return best;
    }

    /** Returns the differences of a request from the document. A missing operation is a difference. */
    List<String> problemsOf(Exchange.SentRequest sent) {
        Optional<Operation> found = operation(sent.method(), sent.path());
        if (found.isEmpty()) {
            return List.of("the operation " + sent.method() + " " + sent.path() + " is not in the document");
        }
        Operation operation = found.orElseThrow();
        List<String> problems = new ArrayList<>();
        Set<String> known = new TreeSet<>();
        for (String pointer : parameterPointers(operation)) {
            JsonNode parameter = document.at(pointer);
            String name = parameter.path("name").asText();
            String in = parameter.path("in").asText();
            String value =
                    switch (in) {
                        case "path" -> pathParameter(operation.pattern(), sent.path(), name);
                        case "query" -> sent.query().getOrDefault(name, "");
                        default -> sent.headers().getOrDefault(name.toLowerCase(Locale.ROOT), "");
                    };
            known.add(in + " " + (in.equals("header") ? name.toLowerCase(Locale.ROOT) : name));
            if (value.isEmpty()) {
                if (parameter.path("required").asBoolean()) {
                    problems.add(name + " is missing in the " + in);
                }
            } else {
                addProblems(problems, pointer + "/schema", asJson(pointer + "/schema", value), in + " " + name);
            }
        }
        for (String name : sent.query().keySet()) {
            if (!known.contains("query " + name)) {
                problems.add("the query option " + name + " is not in the document");
            }
        }
        for (String name : sent.headers().keySet()) {
            if (HEADERS_IN.contains(name) && !known.contains("header " + name)) {
                problems.add("the request header " + name + " is not in the document");
            }
        }
        addProblemsOfBody(problems, operation.pointer() + "/requestBody", sent);
        return problems;
    }

    private void addProblemsOfBody(List<String> problems, String pointer, Exchange.SentRequest sent) {
        JsonNode content = document.at(pointer + "/content");
        if (sent.body().isEmpty()) {
            if (document.at(pointer + "/required").asBoolean()) {
                problems.add("the body is missing");
            }
            return;
        }
        String mediaType = mediaType(sent.headers().getOrDefault("content-type", ""));
        if (!content.has(mediaType)) {
            problems.add("a body of the type " + mediaType + " is not in the document");
            return;
        }
        if (!mediaType.endsWith("json")) {
            // Schemas describe JSON only. For other bodies the document specifies just the media type.
            return;
        }
        String schema = pointer + "/content/" + mediaType.replace("/", "~1") + "/schema";
        addProblems(problems, schema, sent.body(), "body");
        // Validators do not check the content of a text; the API does.
        try {
            JsonNode body = JSON.readTree(sent.body());
            for (int i = 0;
                    body.isTextual() && i < document.at(schema + "/anyOf").size();
                    i++) {
                String form = schema + "/anyOf/" + i + "/contentSchema";
                if (!document.at(form).isMissingNode()) {
                    addProblems(problems, form, body.asText(), "body's text");
                }
            }
        } catch (JsonProcessingException e) {
            problems.add("the body is not JSON: " + e.getOriginalMessage());
        }
    }

    /** Returns the differences of the examples of schemas and request bodies from their schemas. */
    List<String> problemsOfExamples() {
        List<String> problems = new ArrayList<>();
        document.at("/components/schemas")
                .properties()
                .forEach(schema -> schema.getValue()
                        .path("examples")
                        .forEach(example -> addProblems(
                                problems,
                                "/components/schemas/" + schema.getKey(),
                                example.toString(),
                                schema.getKey())));
        for (Operation operation : operations) {
            String content = operation.pointer() + "/requestBody/content/";
            document.at(operation.pointer() + "/requestBody/content")
                    .properties()
                    .forEach(body -> {
                        JsonNode example = body.getValue().path("example");
                        if (!example.isMissingNode()) {
                            String schema = content + body.getKey().replace("/", "~1") + "/schema";
                            addProblems(problems, schema, example.toString(), operation.path());
                        }
                    });
        }
        return problems;
    }

    /** Returns the differences of a response from the document. */
    List<String> problemsOf(String method, String path, Exchange.ReceivedResponse received) {
        List<String> problems = new ArrayList<>();
        Optional<String> response = response(method, path, received.status());
        if (response.isEmpty()) {
            return List.of("the status " + received.status() + " is not in the document");
        }
        String pointer = response.orElseThrow();
        JsonNode described = document.at(pointer);
        Set<String> known = new TreeSet<>();
        described.path("headers").properties().forEach(header -> {
            String at = resolved(pointer + "/headers/" + header.getKey());
            String name = header.getKey().toLowerCase(Locale.ROOT);
            known.add(name);
            if (received.headers().containsKey(name)) {
                addProblems(
                        problems,
                        at + "/schema",
                        quoted(requireNonNull(received.headers().get(name))),
                        "header " + name);
            } else if (document.at(at + "/required").asBoolean()) {
                problems.add("the header " + name + " is missing");
            }
        });
        for (String name : received.headers().keySet()) {
            boolean isTransport = NOT_THE_OPERATIONS.contains(name) || name.startsWith("access-control-");
            if (!isTransport && !known.contains(name)) {
                problems.add("the header " + name + " is not in the document");
            }
        }
        if (!described.has("content") || method.equals(HEAD)) {
            if (!received.body().isEmpty()) {
                problems.add("a body is not in the document");
            }
        } else {
            String mediaType = mediaType(received.headers().getOrDefault("content-type", ""));
            String schema = pointer + "/content/" + mediaType.replace("/", "~1") + "/schema";
            if (!described.path("content").has(mediaType)) {
                problems.add("a body of the type " + mediaType + " is not in the document");
            } else {
                boolean isJson = mediaType.equals(JSON_TYPE);
                addProblems(problems, schema, isJson ? received.body() : quoted(received.body()), "body");
            }
        }
        return problems;
    }

    /** Returns the pointer to the response. Responses for undocumented paths and methods are components. */
    private Optional<String> response(String method, String path, int status) {
        Optional<Operation> operation = operation(method, path);
        if (status == 405 && operation.isPresent() && hasMoreLiteralPath(operation.orElseThrow(), path)) {
            return Optional.of("/components/responses/MethodNotAllowed");
        }
        String pointer = operation.isPresent()
                ? operation.orElseThrow().pointer() + "/responses/" + status
                : "/components/responses/" + elsewhere(method, path, status);
        return document.at(pointer).isMissingNode() ? Optional.empty() : Optional.of(resolved(pointer));
    }

    /** Returns whether the document has a path without this method that fits better: {@code pstnCalls} is not an id. */
    private boolean hasMoreLiteralPath(Operation operation, String path) {
        return operations.stream()
                .anyMatch(other ->
                        fits(other.pattern(), path) && parameters(other.pattern()) < parameters(operation.pattern()));
    }

    private String elsewhere(String method, String path, int status) {
        boolean isPath = operations.stream().anyMatch(operation -> fits(operation.pattern(), path));
        return switch (status) {
            case 204 -> method.equals("OPTIONS") ? "NoContent" : "";
            case 400 -> "BadRequest";
            // The route of the OData metadata has no authorizer, and matches other names.
            case 401 -> isPath ? "" : "Unauthorized";
            case 404 -> isPath ? "" : "NotFound";
            case 405 -> isPath ? "MethodNotAllowed" : "";
            default -> "";
        };
    }

    /** Returns the parameters of an operation and of its path. */
    List<JsonNode> parameters(Operation operation) {
        List<JsonNode> parameters = new ArrayList<>();
        parameterPointers(operation).forEach(pointer -> parameters.add(document.at(pointer)));
        return parameters;
    }

    private List<String> parameterPointers(Operation operation) {
        List<String> pointers = new ArrayList<>();
        String item = operation.pointer().substring(0, operation.pointer().lastIndexOf('/'));
        for (String owner : List.of(item, operation.pointer())) {
            for (int i = 0; i < document.at(owner + "/parameters").size(); i++) {
                pointers.add(resolved(owner + "/parameters/" + i));
            }
        }
        return pointers;
    }

    private String resolved(String pointer) {
        String reference = document.at(pointer).path("$ref").asText();
        return reference.isEmpty() ? pointer : resolved(reference.substring(1));
    }

    private void addProblems(List<String> problems, String schema, String json, String what) {
        try {
            schemas.getSchema(SchemaLocation.of(
                            ID + "#" + schema.replace("{", "%7B").replace("}", "%7D")))
                    .validate(json, InputFormat.JSON)
                    .forEach(error -> problems.add(what + error.getInstanceLocation() + ": " + error.getMessage()));
        } catch (RuntimeException e) {
            problems.add(what + " cannot be read: " + e);
        }
    }

    /** Returns a query value as JSON, because numbers and booleans are sent as text. */
    private String asJson(String schema, String value) {
        String type = document.at(resolved(schema)).path("type").asText();
        boolean isLiteral = (type.equals("integer") && value.matches("-?[0-9]{1,18}"))
                || (type.equals("boolean") && value.matches("true|false"));
        return isLiteral ? value : quoted(value);
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String mediaType(String contentType) {
        int semicolon = contentType.indexOf(';');
        return (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
    }

    /** Returns a path in the document's form: keys as segments, and functions without their namespace. */
    private static String usual(String path) {
        return path.replaceAll("\\((?:id=)?'([^/]*)'\\)(?=/|$)", "/$1")
                .replace("/microsoft.graph.callRecords.get", "/get");
    }

    private static boolean fits(String pattern, String path) {
        String[] requested = pattern.split("/", -1);
        String[] present = usual(path).split("/", -1);
        if (requested.length != present.length) {
            return false;
        }
        for (int i = 0; i < requested.length; i++) {
            if (!PathSegment.of(requested[i]).fits(present[i])) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number of segments that are parameters as a whole. */
    private static int parameters(String pattern) {
        return pattern.split("/\\{", -1).length;
    }

    private static String pathParameter(String pattern, String path, String name) {
        String[] requested = pattern.split("/", -1);
        for (int i = 0; i < requested.length; i++) {
            PathSegment segment = PathSegment.of(requested[i]);
            if (segment.name.equals(name)) {
                return segment.value(usual(path).split("/", -1)[i]);
            }
        }
        return "";
    }

    /** A segment of a path in the document, which may have a parameter between two texts. */
    private record PathSegment(String before, String name, String after) {
        static PathSegment of(String text) {
            int begin = text.indexOf('{');
            int end = text.indexOf('}');
            return begin < 0
                    ? new PathSegment(text, "", "")
                    : new PathSegment(
                            text.substring(0, begin), text.substring(begin + 1, end), text.substring(end + 1));
        }

        boolean fits(String segment) {
            return name.isEmpty()
                    ? segment.equals(before)
                    : segment.length() > before.length() + after.length()
                            && segment.startsWith(before)
                            && segment.endsWith(after);
        }

        String value(String segment) {
            return segment.substring(before.length(), segment.length() - after.length());
        }
    }
}
