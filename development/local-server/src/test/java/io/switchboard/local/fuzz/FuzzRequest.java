package io.switchboard.local.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.replay.ApiEvent;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request in the form of API Gateway's event. Immutable: each change returns a copy. */
final class FuzzRequest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 3_000;

    private final String function;
    private final ObjectNode event;
    private final Set<String> options;
    private final byte @Nullable [] bytes;
    private final List<String> changes;

    private FuzzRequest(
            String function, ObjectNode event, Set<String> options, byte @Nullable [] bytes, List<String> changes) {
        this.function = function;
        this.event = event;
        this.options = options;
        this.bytes = bytes;
        this.changes = changes;
    }

    /**
     * Creates an unmodified request.
     *
     * @param function the name of the function in the template
     * @param options the query options that the operation accepts
     */
    static FuzzRequest of(String function, ApiEvent event, Set<String> options) {
        return new FuzzRequest(function, tree(event.toString()), options, null, List.of());
    }

    private static ObjectNode tree(String json) {
        try {
            return (ObjectNode) JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    String function() {
        return function;
    }

    Set<String> options() {
        return options;
    }

    /** Returns the names of the applied mutations, in order. */
    List<String> changes() {
        return changes;
    }

    String method() {
        return event.at("/requestContext/http/method").asText();
    }

    String path() {
        return event.path("rawPath").asText();
    }

    boolean hasBody() {
        return !event.path("body").asText("").isEmpty();
    }

    /** Returns the body's text, or empty. */
    String body() {
        return new String(bodyBytes(), StandardCharsets.UTF_8);
    }

    byte[] bodyBytes() {
        String body = event.path("body").asText("");
        if (event.path("isBase64Encoded").asBoolean()) {
            try {
                return Base64.getDecoder().decode(body);
            } catch (IllegalArgumentException e) {
                // A mutation may declare Base64 for a body that is not.
            }
        }
        return body.getBytes(StandardCharsets.UTF_8);
    }

    @Nullable
    String query(String name) {
        JsonNode value = event.path("queryStringParameters").path(name);
        return value.isMissingNode() ? null : value.asText();
    }

    /** Returns a copy with one more mutation name. */
    FuzzRequest after(String change) {
        List<String> more = new ArrayList<>(changes);
        more.add(change);
        return new FuzzRequest(function, event, options, bytes, more);
    }

    /** Returns a copy whose event is replaced by these bytes. */
    FuzzRequest withBytes(byte[] other) {
        return new FuzzRequest(function, event, options, other, changes);
    }

    private FuzzRequest with(ObjectNode other) {
        return new FuzzRequest(function, other, options, null, changes);
    }

    /** Returns a copy of the event that may be changed. */
    ObjectNode event() {
        return event.deepCopy();
    }

    FuzzRequest withEvent(ObjectNode other) {
        return with(other);
    }

    /** Returns a copy with the body as API Gateway sends it: text if it is UTF-8, otherwise Base64. */
    FuzzRequest withBody(byte[] body) {
        try {
            return withBody(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString());
        } catch (CharacterCodingException e) {
            return withBase64(body);
        }
    }

    FuzzRequest withBase64(byte[] body) {
        return with(event.deepCopy()
                .put("body", Base64.getEncoder().encodeToString(body))
                .put("isBase64Encoded", true));
    }

    FuzzRequest withBody(String body) {
        return with(event.deepCopy().put("body", body).put("isBase64Encoded", false));
    }

    /** Returns a copy with a header, which replaces one of any case. Null removes the header. */
    FuzzRequest withHeader(String name, @Nullable String value) {
        ObjectNode copy = event.deepCopy();
        ObjectNode headers = copy.withObject("/headers");
        List<String> old = new ArrayList<>();
        headers.fieldNames().forEachRemaining(old::add);
        old.removeIf(each -> !each.equalsIgnoreCase(name));
        headers.remove(old);
        if (value != null) {
            headers.put(name, value);
        }
        return with(copy);
    }

    FuzzRequest withQuery(String name, String value) {
        ObjectNode copy = event.deepCopy();
        if (!copy.path("queryStringParameters").isObject()) {
            copy.putObject("queryStringParameters");
        }
        copy.withObject("/queryStringParameters").put(name, value);
        return with(copy);
    }

    FuzzRequest withPath(String path) {
        ObjectNode copy = event.deepCopy().put("rawPath", path);
        copy.withObject("/requestContext/http").put("path", path);
        return with(copy);
    }

    FuzzRequest withMethod(String method) {
        ObjectNode copy = event.deepCopy();
        copy.withObject("/requestContext/http").put("method", method);
        return with(copy);
    }

    FuzzRequest withClaim(String name, @Nullable JsonNode value) {
        ObjectNode copy = event.deepCopy();
        ObjectNode claims = copy.withObject("/requestContext/authorizer/jwt/claims");
        claims.remove(name);
        if (value != null) {
            claims.set(name, value);
        }
        return with(copy);
    }

    /** Returns the bytes that the function reads. */
    byte[] bytes() {
        return bytes != null ? bytes : event.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the client's input as text, to detect input that a message repeats. */
    String text() {
        return event.path("rawPath").asText()
                + '\n'
                + event.path("queryStringParameters")
                + '\n'
                + event.path("headers")
                + '\n'
                + (bytes == null ? body() : new String(bytes, StandardCharsets.UTF_8));
    }

    /** Returns the event, shortened in the middle if it is long. */
    @Override
    public String toString() {
        String text = new String(bytes(), StandardCharsets.UTF_8);
        return function + " " + changes + " "
                + (text.length() <= SHOWN
                        ? text
                        : text.substring(0, SHOWN / 2) + " …" + (text.length() - SHOWN) + " characters… "
                                + text.substring(text.length() - SHOWN / 2));
    }
}
