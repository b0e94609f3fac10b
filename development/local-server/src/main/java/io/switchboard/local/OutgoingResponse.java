package io.switchboard.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A response to be sent.
 *
 * @param headers names in lower case, each with its values
 */
record OutgoingResponse(int status, Map<String, List<String>> headers, Bytes body) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** Headers that the HTTP server sets itself. */
    private static final List<String> FRAMING =
            List.of("connection", "content-length", "keep-alive", "transfer-encoding");

    /** Returns a response with API Gateway's own body, {@code {"message":…}}. */
    static OutgoingResponse message(int status, String message) {
        return json(status, JSON.createObjectNode().put("message", message));
    }

    /** Returns an error response in the functions' format: {@code {"error":{"code":…,"message":…}}}. */
    static OutgoingResponse refusal(int status, String code, String message) {
        var body = JSON.createObjectNode();
        body.putObject("error").put("code", code).put("message", message);
        return json(status, body);
    }

    static OutgoingResponse json(int status, JsonNode body) {
        return new OutgoingResponse(
                status, Map.of("content-type", List.of("application/json")), Bytes.of(body.toString()));
    }

    static OutgoingResponse empty(int status) {
        return new OutgoingResponse(status, Map.of(), Bytes.NONE);
    }

    OutgoingResponse with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, List.of(value));
        return new OutgoingResponse(status, more, body);
    }

    /**
     * Reads a function's response by the rules of payload format 2.0: JSON without {@code statusCode} is the body
     * itself.
     *
     * @return the response, or empty if it is invalid and API Gateway would return 500
     */
    static Optional<OutgoingResponse> ofFunction(Bytes response) {
        JsonNode tree;
        try {
            tree = JSON.readTree(response.array());
        } catch (IOException e) {
            return Optional.empty();
        }
        if (tree.isMissingNode()) {
            return Optional.empty();
        }
        if (!tree.isObject() || !tree.has("statusCode")) {
            return Optional.of(new OutgoingResponse(
                    200,
                    Map.of("content-type", List.of("application/json")),
                    Bytes.of(tree.isTextual() ? tree.textValue() : tree.toString())));
        }
        var status = tree.path("statusCode");
        int code = status.isTextual() ? digits(status.textValue()) : status.asInt(0);
        if (code < 200 || code > 599 || !isTextOrAbsent(tree.path("body"))) {
            return Optional.empty();
        }
        return body(tree).map(body -> new OutgoingResponse(code, headers(tree, !body.isEmpty()), body));
    }

    private static int digits(String text) {
        return text.matches("[0-9]{3}") ? Integer.parseInt(text) : 0;
    }

    private static boolean isTextOrAbsent(JsonNode body) {
        return body.isMissingNode() || body.isNull() || body.isTextual();
    }

    private static Optional<Bytes> body(JsonNode response) {
        String text = response.path("body").asText("");
        if (response.path("body").isNull()) {
            return Optional.of(Bytes.NONE);
        }
        if (!response.path("isBase64Encoded").asBoolean(false)) {
            return Optional.of(Bytes.of(text));
        }
        try {
            return Optional.of(Bytes.of(Base64.getDecoder().decode(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Map<String, List<String>> headers(JsonNode response, boolean hasBody) {
        var headers = new LinkedHashMap<String, List<String>>();
        response.path("headers").properties().forEach(header -> {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!FRAMING.contains(name)
                    && header.getValue().isValueNode()
                    && !header.getValue().isNull()) {
                headers.put(name, List.of(header.getValue().asText()));
            }
        });
        var cookies = new ArrayList<String>();
        response.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
        if (!cookies.isEmpty()) {
            headers.put("set-cookie", cookies);
        }
        if (hasBody) {
            headers.putIfAbsent("content-type", List.of("text/plain;charset=UTF-8"));
        }
        return headers;
    }

    static byte[] bytes(JsonNode tree) {
        try {
            return JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A JSON tree can always be written", e);
        }
    }
}
