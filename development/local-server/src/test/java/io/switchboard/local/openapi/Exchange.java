package io.switchboard.local.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.replay.Answer;
import io.switchboard.replay.EventCase;
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

/** What callers send and what they get, as the document describes them. */
final class Exchange {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Exchange() {}

    /**
     * A request.
     *
     * @param path percent-decoded
     * @param query decoded
     * @param headers by their names in lower case
     * @param body empty for none
     */
    record Sent(String method, String path, Map<String, String> query, Map<String, String> headers, String body) {
        /** The request of a case of {@code events/}. */
        static Sent of(EventCase event) {
            return ofEvent(event.text());
        }

        /** The request of an event. */
        static Sent ofEvent(String event) {
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
            return new Sent(
                    tree.path("requestContext").path("http").path("method").asText(),
                    tree.path("rawPath").asText(),
                    texts(tree.path("queryStringParameters")),
                    headers,
                    new String(
                            "gzip".equals(headers.get("content-encoding")) ? inflated(bytes) : bytes,
                            StandardCharsets.UTF_8));
        }

        /** Data that are not gzip stay as they are: the API refuses them. */
        private static byte[] inflated(byte[] bytes) {
            try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
                return plain.readAllBytes();
            } catch (IOException e) {
                return bytes;
            }
        }
    }

    /**
     * An answer.
     *
     * @param headers by their names in lower case
     * @param body empty for none
     */
    record Answered(int status, Map<String, String> headers, String body) {
        /** What a function answered. */
        static Answered of(Answer answer) {
            return new Answered(answer.status(), lowerCaseNames(answer.headers()), answer.body());
        }

        /** What came over the wire. */
        static Answered of(HttpResponse<?> response) {
            Map<String, String> headers = new LinkedHashMap<>();
            response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
            return new Answered(response.statusCode(), lowerCaseNames(headers), String.valueOf(response.body()));
        }

        /** What a part of a batch was answered, with what only the whole answer has. */
        static Answered ofPart(JsonNode part, Answered whole) {
            Map<String, String> headers = new LinkedHashMap<>(whole.headers);
            headers.keySet().retainAll(Set.of("request-id", "cache-control"));
            headers.putAll(lowerCaseNames(texts(part.path("headers"))));
            JsonNode body = part.path("body");
            return new Answered(
                    part.path("status").asInt(),
                    headers,
                    body.isTextual()
                            ? new String(Base64.getUrlDecoder().decode(body.asText()), StandardCharsets.UTF_8)
                            : body.isMissingNode() ? "" : body.toString());
        }

        Answered with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Answered(status, more, body);
        }

        Answered without(String name) {
            Map<String, String> fewer = new LinkedHashMap<>(headers);
            fewer.remove(name);
            return new Answered(status, fewer, body);
        }

        Answered withBody(String other) {
            return new Answered(status, headers, other);
        }

        Answered withStatus(int other) {
            return new Answered(other, headers, body);
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
