package io.switchboard.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import io.switchboard.json.Json;
import io.switchboard.json.TextMember;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads events of API Gateway's HTTP API (payload format 2.0) from the Lambda stream and writes responses to it. The
 * code does not use the reflection of the runtime client, which makes a cold start about half as long again.
 */
final class EventStream {
    private static final String BODY = "body";

    private EventStream() {}

    /**
     * An event and its body, which the event itself does not have.
     *
     * @param body the text of the body in UTF-8; empty without a body
     */
    record Received(APIGatewayV2HTTPEvent event, ByteBuffer body) {}

    static Received read(InputStream input) throws IOException {
        byte[] bytes = input.readAllBytes();
        @Nullable TextMember body = TextMember.find(bytes, BODY);
        Map<String, Object> event = Json.readObject(body == null ? bytes : body.rest());
        return new Received(event(event), ByteBuffer.wrap(body == null ? utf8(text(event, BODY)) : body.text()));
    }

    private static byte[] utf8(@Nullable String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
    }

    private static APIGatewayV2HTTPEvent event(Map<String, Object> event) {
        Map<String, Object> context = object(event, "requestContext");
        Map<String, Object> http = object(context, "http");
        return APIGatewayV2HTTPEvent.builder()
                .withVersion(text(event, "version"))
                .withRouteKey(text(event, "routeKey"))
                .withRawPath(text(event, "rawPath"))
                .withRawQueryString(text(event, "rawQueryString"))
                .withHeaders(texts(event, "headers"))
                .withQueryStringParameters(texts(event, "queryStringParameters"))
                .withPathParameters(texts(event, "pathParameters"))
                .withIsBase64Encoded(Boolean.TRUE.equals(event.get("isBase64Encoded")))
                .withRequestContext(APIGatewayV2HTTPEvent.RequestContext.builder()
                        .withRequestId(text(context, "requestId"))
                        .withDomainName(text(context, "domainName"))
                        .withAuthorizer(APIGatewayV2HTTPEvent.RequestContext.Authorizer.builder()
                                .withJwt(APIGatewayV2HTTPEvent.RequestContext.Authorizer.JWT
                                        .builder()
                                        .withClaims(texts(object(object(context, "authorizer"), "jwt"), "claims"))
                                        .build())
                                .build())
                        .withHttp(APIGatewayV2HTTPEvent.RequestContext.Http.builder()
                                .withMethod(text(http, "method"))
                                .withPath(text(http, "path"))
                                .build())
                        .build())
                .build();
    }

    /**
     * Returns a response in the format of the Lambda runtime.
     *
     * @param body a string, a JSON text, or bytes of ASCII text
     */
    static byte[] bytes(int status, Map<String, String> headers, Object body, boolean isBase64Encoded) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("statusCode", status);
        tree.put("headers", headers);
        tree.put(BODY, body);
        tree.put("isBase64Encoded", isBase64Encoded);
        return Json.bytes(tree);
    }

    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        @Nullable Object value = parent.get(name);
        if (!(value instanceof Map<?, ?> object)) {
            return Map.of();
        }
        @SuppressWarnings("unchecked") // JSON object names are text
        Map<String, Object> members = (Map<String, Object>) object;
        return members;
    }

    private static @Nullable String text(Map<String, Object> parent, String name) {
        return parent.get(name) instanceof String text ? text : null;
    }

    private static Map<String, String> texts(Map<String, Object> parent, String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (var entry : object(parent, name).entrySet()) {
            texts.put(entry.getKey(), String.valueOf(entry.getValue()));
        }
        return texts;
    }
}
