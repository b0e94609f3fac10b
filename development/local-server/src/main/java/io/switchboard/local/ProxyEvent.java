package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.local.deployment.RouteMatch;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Builds the event for a function, in payload format 2.0 of an HTTP API.
 *
 * <ul>
 *   <li>{@code rawPath} and path parameters are percent-decoded once, {@code rawQueryString} is as sent. A {@code %2F}
 *       therefore becomes a slash before the route is selected. (API Gateway reportedly cuts the path at a decoded
 *       question mark; this server does not.)
 *   <li>Header names are in lower case, repeats joined by commas; cookies are in {@code cookies} only. The headers that
 *       API Gateway adds ({@code x-forwarded-*}, {@code x-amzn-trace-id}) are present.
 *   <li>A body is text if its type is {@code text/*}, {@code application/json}, {@code application/xml} or
 *       {@code application/javascript}, otherwise base64. {@code application/merge-patch+json} and a body without a
 *       type are base64. API Gateway's documentation does not list the types; these were observed. A body of such a
 *       type that is not UTF-8 is base64 here, so that its bytes reach the handler unchanged.
 *   <li>An absent body is omitted, and so are absent query parameters, path parameters and cookies.
 * </ul>
 */
final class ProxyEvent {
    static final String ACCOUNT = "123456789012";
    static final String API = "local";
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> TEXT_TYPES =
            List.of("application/json", "application/xml", "application/javascript");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private ProxyEvent() {}

    /**
     * @param authority the server's host and port, used as the API's domain
     * @param claims the flattened claims of a verified token; empty if the route requires no token
     */
    static ObjectNode of(
            IncomingRequest request,
            RouteMatch match,
            Optional<Map<String, String>> claims,
            String authority,
            String requestId,
            String traceId,
            Instant now) {
        var event = NODES.objectNode();
        event.put("version", "2.0");
        event.put("routeKey", match.route().routeKey());
        event.put("rawPath", request.path());
        event.put("rawQueryString", request.rawQuery());
        var cookies = request.cookies();
        if (!cookies.isEmpty()) {
            cookies.forEach(event.putArray("cookies")::add);
        }
        event.set("headers", headers(request, authority, traceId));
        putUnlessEmpty(event, "queryStringParameters", request.queryParameters());
        event.set("requestContext", context(request, match, claims, authority, requestId, now));
        putUnlessEmpty(event, "pathParameters", match.pathParameters());
        putBody(event, request);
        return event;
    }

    private static ObjectNode headers(IncomingRequest request, String authority, String traceId) {
        var headers = NODES.objectNode();
        request.headers().keySet().stream()
                .filter(name -> !name.equals("cookie"))
                .forEach(name -> headers.put(name, request.header(name).orElseThrow()));
        if (!headers.has("content-length")) {
            headers.put("content-length", Integer.toString(request.body().length()));
        }
        headers.put("x-amzn-trace-id", traceId);
        headers.put(
                "x-forwarded-for",
                request.header("x-forwarded-for")
                        .map(earlier -> earlier + ", " + request.sourceAddress())
                        .orElse(request.sourceAddress()));
        headers.put("x-forwarded-port", authority.substring(authority.lastIndexOf(':') + 1));
        headers.put("x-forwarded-proto", "http");
        return headers;
    }

    private static ObjectNode context(
            IncomingRequest request,
            RouteMatch match,
            Optional<Map<String, String>> claims,
            String authority,
            String requestId,
            Instant now) {
        var context = NODES.objectNode();
        context.put("accountId", ACCOUNT);
        context.put("apiId", API);
        claims.ifPresent(flat -> {
            var jwt = context.putObject("authorizer").putObject("jwt");
            var members = jwt.putObject("claims");
            flat.forEach(members::put);
            jwt.putNull("scopes");
        });
        context.put("domainName", authority);
        context.put("domainPrefix", API);
        context.putObject("http")
                .put("method", request.method())
                .put("path", request.path())
                .put("protocol", request.protocol())
                .put("sourceIp", request.sourceAddress())
                .put("userAgent", request.header("user-agent").orElse(""));
        context.put("requestId", requestId);
        context.put("routeKey", match.route().routeKey());
        context.put("stage", "$default");
        context.put("time", TIME.format(now));
        context.put("timeEpoch", now.toEpochMilli());
        return context;
    }

    private static void putUnlessEmpty(ObjectNode event, String name, Map<String, String> members) {
        if (!members.isEmpty()) {
            var object = event.putObject(name);
            members.forEach(object::put);
        }
    }

    private static void putBody(ObjectNode event, IncomingRequest request) {
        if (request.body().isEmpty()) {
            event.put("isBase64Encoded", false);
            return;
        }
        Optional<String> text = isTextType(request) ? decoded(request.body().array()) : Optional.empty();
        event.put(
                "body",
                text.orElseGet(
                        () -> Base64.getEncoder().encodeToString(request.body().array())));
        event.put("isBase64Encoded", text.isEmpty());
    }

    private static boolean isTextType(IncomingRequest request) {
        String type = request.header("content-type").orElse("");
        int parameters = type.indexOf(';');
        String media =
                (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
        return media.startsWith("text/") || TEXT_TYPES.contains(media);
    }

    private static Optional<String> decoded(byte[] body) {
        try {
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
