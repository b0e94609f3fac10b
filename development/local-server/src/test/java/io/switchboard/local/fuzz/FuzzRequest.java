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

/** One request as the event that API Gateway makes of it. Immutable: each change makes a copy. */
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
     * A request that nothing has changed yet.
     *
     * @param function the name of the function in the template
     * @param options the query options that the operation knows
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

    /** The names of the mutations, in their order. */
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

    /** The body's text; empty for none. */
    String body() {
        return new String(bodyBytes(), StandardCharsets.UTF_8);
    }

    byte[] bodyBytes() {
        String body = event.path("body").asText("");
        if (event.path("isBase64Encoded").asBoolean()) {
            try {
                return Base64.getDecoder().decode(body);
            } catch (IllegalArgumentException e) {
                // A mutation says Base64 of what is not.
            }
        }
        return body.getBytes(StandardCharsets.UTF_8);
    }

    @Nullable
    String query(String name) {
        JsonNode value = event.path("queryStringParameters").path(name);
        return value.isMissingNode() ? null : value.asText();
    }

    /** A copy that remembers one mutation more. */
    FuzzRequest after(String change) {
        List<String> more = new ArrayList<>(changes);
        more.add(change);
        return new FuzzRequest(function, event, options, bytes, more);
    }

    /** With other bytes in the place of the event. */
    FuzzRequest withBytes(byte[] other) {
        return new FuzzRequest(function, event, options, other, changes);
    }

    private FuzzRequest with(ObjectNode other) {
        return new FuzzRequest(function, other, options, null, changes);
    }

    /** The event, to be changed. */
    ObjectNode event() {
        return event.deepCopy();
    }

    FuzzRequest withEvent(ObjectNode other) {
        return with(other);
    }

    /** As API Gateway sends it: text where it is UTF-8, else Base64. */
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

    /** With a header, whatever the case in which it was there; null takes it away. */
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

    /** What the function reads. */
    byte[] bytes() {
        return bytes != null ? bytes : event.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** What the client sent, as text, so that one can tell an echo from the product's own words. */
    String text() {
        return event.path("rawPath").asText()
                + '\n'
                + event.path("queryStringParameters")
                + '\n'
                + event.path("headers")
                + '\n'
                + (bytes == null ? body() : new String(bytes, StandardCharsets.UTF_8));
    }

    /** The event, cut where it is long; a long text is recognized by its ends. */
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
