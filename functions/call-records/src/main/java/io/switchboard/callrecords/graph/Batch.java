package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.store.CallSessionStore;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.http.ErrorBody;
import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.http.RouteTable;
import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.runtime.RequestLog;
import io.switchboard.text.InputLimits;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code POST /$batch} ({@code docs/domain/call-records.md}, "Batches"). A batch has up to 20 requests, which
 * are processed in order. A request whose {@code dependsOn} names a failed request returns 424. Thread-safe.
 */
public final class Batch {
    /** The most requests in a batch, as in Graph. */
    static final int MOST_REQUESTS = 20;

    private static final int LONGEST_ID = 256;
    private static final int LONGEST_URL = 8_192;
    private static final int FIRST_ERROR = 400;
    private static final String HEAD = "HEAD";
    private static final Set<String> METHODS = Set.of("GET", HEAD, "POST", "PATCH", "PUT", "DELETE");
    /** The first segment of a part's path, after versions and stages. */
    private static final List<String> ROOTS = List.of("communications", "subscriptions");

    private final RouteTable routes;

    /** @param routes the routes that a part may request */
    public Batch(RouteTable routes) {
        this.routes = routes;
    }

    /**
     * One request of a batch.
     *
     * @param atomicityGroup its group in OData's form of a batch; empty if it has none
     * @param path null for the URL of another host
     */
    private record Part(
            String id,
            String atomicityGroup,
            String method,
            @Nullable String path,
            Map<String, String> query,
            Map<String, String> headers,
            String body,
            List<String> dependsOn) {}

    /** Serves a batch. */
    public Response serve(Request request) {
        request.query(Set.of());
        Violations violations = new Violations();
        ObjectReader reader = new ObjectReader(request.bodyObject(GraphRequest.MAXIMUM_BODY), "", violations);
        String base = GraphRequest.of(request).base();
        String root = request.url("");
        List<Part> parts = reader.objects("requests", MOST_REQUESTS, each -> part(each, root, base, violations));
        if (parts.isEmpty() && violations.isEmpty()) {
            violations.add(
                    "required", "requests", "requests must not be empty. Send 1 to " + MOST_REQUESTS + " requests.");
        }
        // Unknown members are ignored, as in Graph: its Python client sends depends_on.
        rejectUnknownIds(parts, violations);
        Refusal.ifAny(violations);
        Map<String, Integer> statuses = new HashMap<>();
        List<Map<String, @Nullable Object>> responses = new ArrayList<>();
        int size = 0;
        boolean isFull = false;
        for (Part part : parts) {
            // A full batch would discard the result of a read.
            Response response =
                    isFull && isRead(part) ? error(request, part, batchTooLarge()) : execute(request, part, statuses);
            int own = Json.escapedSize(response.bodyText());
            if (size + own > CallSessionStore.LARGEST_RESPONSE) {
                isFull = true;
                // A completed write is reported without its body.
                response = isRead(part) || response.status() >= FIRST_ERROR
                        ? error(request, part, batchTooLarge())
                        : new Response(response.status(), response.headers(), null);
                own = Json.escapedSize(response.bodyText());
            }
            size += own;
            statuses.put(key(part.id()), response.status());
            statuses.putIfAbsent(key(part.atomicityGroup()), response.status());
            responses.add(json(part, response));
        }
        return GraphRequest.odata(Response.ok(Map.of("responses", responses)));
    }

    private static Part part(ObjectReader reader, String root, String base, Violations violations) {
        String id = reader.requiredText("id", LONGEST_ID);
        String method = reader.requiredText("method", LONGEST_ID).toUpperCase(Locale.ROOT);
        if (!method.isEmpty() && !METHODS.contains(method)) {
            reader.violation(
                    "invalidValue",
                    "method",
                    reader.target("method") + " must be GET, HEAD, POST, PATCH, PUT or DELETE.");
        }
        @Nullable String group = reader.optionalText("atomicityGroup", LONGEST_ID);
        String url = reader.requiredText("url", LONGEST_URL);
        Map<String, String> headers = new HashMap<>();
        @Nullable ObjectReader sent = reader.objectOrEmpty("headers");
        if (sent != null && sent.names().size() > InputLimits.PART_HEADERS) {
            reader.violation(
                    "tooMany",
                    "headers",
                    reader.target("headers") + " has " + sent.names().size() + " members. At most "
                            + InputLimits.PART_HEADERS + " are allowed.");
        } else if (sent != null) {
            for (String name : sent.names()) {
                @Nullable String value = sent.optionalText(name, LONGEST_URL);
                if (value != null) {
                    headers.put(name.toLowerCase(Locale.ROOT), value);
                }
            }
        }
        List<String> dependsOn = reader.texts("dependsOn", MOST_REQUESTS, LONGEST_ID);
        String body = body(reader);
        if (!body.isEmpty() && !headers.containsKey("content-type")) {
            violations.add(
                    "required",
                    reader.target("headers"),
                    reader.target("headers") + " must include the Content-Type of the body, such as application/json.");
        }
        int queryStart = url.indexOf('?');
        return new Part(
                id,
                group == null ? "" : group,
                method,
                path(queryStart < 0 ? url : url.substring(0, queryStart), root, base),
                queryStart < 0 ? Map.of() : query(url.substring(queryStart + 1)),
                headers,
                body,
                dependsOn);
    }

    /** Returns the body of a part: any JSON value, or base64url text of content that is not JSON. */
    private static String body(ObjectReader reader) {
        @Nullable Object body = reader.any("body");
        if (body == null) {
            return "";
        }
        if (body instanceof String text) {
            try {
                return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                reader.violation(
                        "invalidValue",
                        "body",
                        reader.target("body") + " must be a JSON object, or base64url text for other content.");
                return "";
            }
        }
        return Json.write(body);
    }

    /**
     * Returns the path below the batch's own service root; null for the URL of another host. Graph's Java client sends
     * the path with or without the version, the JavaScript client with it, the Python client the whole URL.
     *
     * @param root the public base URL of the API
     */
    private static @Nullable String path(String url, String root, String base) {
        boolean isAbsolute = url.contains("://") && url.indexOf(':') < url.indexOf('/');
        boolean isOwn = url.regionMatches(true, 0, root, 0, root.length())
                && (url.length() == root.length() || url.charAt(root.length()) == '/');
        if (isAbsolute && !isOwn) {
            return null;
        }
        String path = isAbsolute ? url.substring(root.length()) : url;
        List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
        for (int i = 0; i < Math.min(segments.size(), 4); i++) {
            if (isRoot(segments.get(i))) {
                StringBuilder below = new StringBuilder(base);
                for (String segment : segments.subList(i, segments.size())) {
                    below.append('/').append(decoded(segment, false));
                }
                return below.toString();
            }
        }
        // Not one of our paths: the route table returns 404.
        return path.startsWith("/") ? path : "/" + path;
    }

    private static boolean isRoot(String segment) {
        String name = decoded(segment, false).toLowerCase(Locale.ROOT);
        return ROOTS.contains(name.indexOf('(') < 0 ? name : name.substring(0, name.indexOf('(')));
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String option : text.split("&", -1)) {
            if (!option.isEmpty()) {
                int equals = option.indexOf('=');
                String name = decoded(equals < 0 ? option : option.substring(0, equals), true);
                String value = equals < 0 ? "" : decoded(option.substring(equals + 1), true);
                // API Gateway joins repeated options the same way.
                query.merge(name, value, (before, next) -> before + "," + next);
            }
        }
        return query;
    }

    private static String decoded(String text, boolean isQuery) {
        try {
            return URLDecoder.decode(isQuery ? text : text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // An invalid escape is taken literally.
            return text;
        }
    }

    private static void rejectUnknownIds(List<Part> parts, Violations violations) {
        Set<String> before = new HashSet<>();
        Set<String> groups = new HashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            String target = "requests[" + i + "]";
            for (String other : part.dependsOn()) {
                if (!before.contains(key(other)) && !groups.contains(key(other))) {
                    violations.add(
                            "invalidValue",
                            target + ".dependsOn",
                            target + ".dependsOn names " + InputLimits.excerpt(other)
                                    + ", which is not the id or group of an earlier request.");
                }
            }
            if (!part.atomicityGroup().isEmpty() && !groups.add(key(part.atomicityGroup()))) {
                violations.add(
                        "notAllowed",
                        target + ".atomicityGroup",
                        target + ".atomicityGroup is the group of another request. Several requests that succeed or"
                                + " fail together are not supported. Use each group once, or remove the member.");
            }
            if (!part.id().isEmpty() && !before.add(key(part.id()))) {
                violations.add(
                        "duplicateValue",
                        target + ".id",
                        target + ".id is the id of another request. Send ids that differ by more than case.");
            }
        }
    }

    private static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    private Response execute(Request request, Part part, Map<String, Integer> statuses) {
        try {
            for (String other : part.dependsOn()) {
                if (statuses.getOrDefault(key(other), FIRST_ERROR) >= FIRST_ERROR) {
                    throw Refusal.of(
                            ErrorCode.FAILED_DEPENDENCY,
                            "The request " + InputLimits.excerpt(other)
                                    + ", which this request depends on, failed. Fix that request first.");
                }
            }
            @Nullable String path = part.path();
            if (path == null) {
                throw Refusal.invalid(
                        "invalidValue",
                        "url",
                        "url is not below " + request.url("/") + ". A batch sends no requests to other hosts.");
            }
            WriteLoop.requireTime("the time limit was reached before the last request of the batch");
            Request inner = request.within(
                    part.method(),
                    path,
                    part.query(),
                    part.headers(),
                    part.body().getBytes(StandardCharsets.UTF_8));
            return routes.match(part.method(), path).serve(inner);
        } catch (Refusal refusal) {
            return error(request, part, refusal);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable fault) {
            Refusal refusal = Refusal.of(fault);
            RequestLog.current().partFailed(refusal.status(), fault);
            return error(request, part, refusal);
        }
    }

    private static Response error(Request request, Part part, Refusal refusal) {
        String requestId = request.id();
        String clientRequestId = part.headers().getOrDefault("client-request-id", requestId);
        return GraphRequest.odata(ErrorBody.response(
                refusal, request.now(), requestId, Request.isEchoable(clientRequestId) ? clientRequestId : requestId));
    }

    private static boolean isRead(Part part) {
        return part.method().equals("GET") || part.method().equals(HEAD);
    }

    private static Refusal batchTooLarge() {
        return Refusal.of(
                ErrorCode.CONTENT_TOO_LARGE,
                "The responses of this batch are too large together. Send this request outside the batch.");
    }

    private static Map<String, @Nullable Object> json(Part part, Response response) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", part.id());
        json.put("status", response.status());
        Map<String, String> headers = new LinkedHashMap<>(response.headers());
        if (response.body() != null) {
            headers.putIfAbsent("Content-Type", "application/json");
        }
        json.put("headers", headers);
        if (response.body() != null && !part.method().equals(HEAD)) {
            json.put(
                    "body",
                    response.isText()
                            ? Base64.getUrlEncoder()
                                    .withoutPadding()
                                    .encodeToString(response.bodyText().getBytes(StandardCharsets.UTF_8))
                            : response.body());
        }
        return json;
    }
}
