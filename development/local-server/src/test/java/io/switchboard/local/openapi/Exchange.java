package io.switchboard.local.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.FunctionResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** Requests and responses in the form in which the document describes them. */
final class Exchange {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Exchange() {}

    /**
     * A request.
     *
     * @param path percent-decoded
     * @param query decoded
     * @param headers by lower-case name
     * @param body the body, or empty
     */
    record SentRequest(
            String method, String path, Map<String, String> query, Map<String, String> headers, String body) {
        /** Returns the request of a case of {@code events/}. */
        static SentRequest of(EventCase event) {
            return ofEvent(event.text());
        }

        /** Returns the request of an event. */
        static SentRequest ofEvent(String event) {
            JsonNode tree;
            try {
                tree = JSON.readTree(event);
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
            String body = tree.path("body").asText("");
            Map<String, String> headers = lowerCaseNames(texts(tree.path("headers")));
            byte[] bytes = tree.path("isBase64Encoded").asBoolean()
                    ? Base64.getDecoder().decode(body)
                    : body.getBytes(StandardCharsets.UTF_8);
            return new SentRequest(
                    tree.path("requestContext").path("http").path("method").asText(),
                    tree.path("rawPath").asText(),
                    texts(tree.path("queryStringParameters")),
                    headers,
                    new String(
                            "gzip".equals(headers.get("content-encoding")) ? inflated(bytes) : bytes,
                            StandardCharsets.UTF_8));
        }

        /** Returns data that are not gzip unchanged, because the API rejects them. */
        private static byte[] inflated(byte[] bytes) {
            try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return plain.readAllBytes();
            } catch (IOException e) {
                return bytes;
            }
        }
    }

    /**
     * A response.
     *
     * @param headers by lower-case name
     * @param body the body, or empty
     */
    record ReceivedResponse(int status, Map<String, String> headers, String body) {
        /** Returns the response of a function. */
        static ReceivedResponse of(FunctionResponse response) {
            return new ReceivedResponse(response.status(), lowerCaseNames(response.headers()), response.body());
        }

        /** Returns a received HTTP response. */
        static ReceivedResponse of(HttpResponse<?> response) {
            Map<String, String> headers = new LinkedHashMap<>();
            response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
            return new ReceivedResponse(
                    response.statusCode(), lowerCaseNames(headers), String.valueOf(response.body()));
        }

        /** Returns the response to a part of a batch, with the headers that only the whole response has. */
        static ReceivedResponse ofPart(JsonNode part, ReceivedResponse whole) {
            Map<String, String> headers = new LinkedHashMap<>(whole.headers);
            headers.keySet().retainAll(Set.of("request-id", "cache-control"));
            headers.putAll(lowerCaseNames(texts(part.path("headers"))));
            JsonNode body = part.path("body");
            return new ReceivedResponse(
                    part.path("status").asInt(),
                    headers,
                    body.isTextual()
                            ? new String(Base64.getUrlDecoder().decode(body.asText()), StandardCharsets.UTF_8)
                            : body.isMissingNode() ? "" : body.toString());
        }

        ReceivedResponse with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new ReceivedResponse(status, more, body);
        }

        ReceivedResponse without(String name) {
            Map<String, String> fewer = new LinkedHashMap<>(headers);
            fewer.remove(name);
            return new ReceivedResponse(status, fewer, body);
        }

        ReceivedResponse withBody(String other) {
            return new ReceivedResponse(status, headers, other);
        }

        ReceivedResponse withStatus(int other) {
            return new ReceivedResponse(other, headers, body);
        }
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(member -> texts.put(member.getKey(), member.getValue().asText()));
        return texts;
    }

    private static Map<String, String> lowerCaseNames(Map<String, String> headers) {
        Map<String, String> lower = new LinkedHashMap<>();
        headers.forEach((name, value) -> lower.put(name.toLowerCase(Locale.ROOT), value));
        return lower;
    }
}
