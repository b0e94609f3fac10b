package io.switchboard.http;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import io.switchboard.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads events of API Gateway's HTTP API (payload format 2.0) from the Lambda stream and writes responses to it. The
 * code does not use the reflection of the runtime client, which makes a cold start about half as long again.
 */
final class EventStream {
    private EventStream() {}

    static APIGatewayV2HTTPEvent read(InputStream input) throws IOException {
        Map<String, Object> event = Json.readObject(input);
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
                .withBody(text(event, "body"))
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

    /** Returns a response in the format of the Lambda runtime. */
    static byte[] bytes(APIGatewayV2HTTPResponse response) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("statusCode", response.getStatusCode());
        tree.put("headers", response.getHeaders());
        tree.put("body", response.getBody());
        tree.put("isBase64Encoded", response.getIsBase64Encoded());
        return Json.write(tree).getBytes(StandardCharsets.UTF_8);
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
