package io.switchboard.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The response of a function.
 *
 * @param headers the headers by name, in their original case
 * @param body the decompressed body; empty without a body
 * @param log the lines that the function logged
 */
public record FunctionResponse(int status, Map<String, String> headers, String body, List<String> log) {
    @SuppressWarnings("unchecked") // headers are texts
    static FunctionResponse read(String response, List<String> log) {
        Map<String, @Nullable Object> tree = Json.readOwn(response);
        assertThat(tree).containsOnlyKeys("statusCode", "headers", "body", "isBase64Encoded");
        Map<String, String> headers = (Map<String, String>) java.util.Objects.requireNonNull(tree.get("headers"));
        String body = (String) java.util.Objects.requireNonNull(tree.get("body"));
        boolean isCompressed = Boolean.TRUE.equals(tree.get("isBase64Encoded"));
        assertThat(isCompressed)
                .as("base64 is used for gzip only: %s", headers)
                .isEqualTo(headers.containsKey("Content-Encoding") && !body.isEmpty());
        return new FunctionResponse(
                ((Number) java.util.Objects.requireNonNull(tree.get("statusCode"))).intValue(),
                headers,
                isCompressed ? inflated(body) : body,
                log);
    }

    private static String inflated(String base64) {
        byte[] compressed = Base64.getDecoder().decode(base64);
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a header; null if it is absent. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }

    /** Returns the body. */
    public Map<String, @Nullable Object> json() {
        return Json.readOwn(body);
    }

    /** Returns the value at a path such as {@code tabs[0].parameters.url}; fails if the path does not exist. */
    public @Nullable Object at(String path) {
        @Nullable Object value = json();
        // The name of an annotation contains a dot.
        for (String part : path.replace("[", ".[").replace("@odata.", "@odata:").split("\\.", -1)) {
            String step = part.replace("@odata:", "@odata.");
            if (step.startsWith("[")) {
                assertThat(value).as("%s in %s", path, body).isInstanceOf(List.class);
                value = ((List<?>) java.util.Objects.requireNonNull(value))
                        .get(Integer.parseInt(step.substring(1, step.length() - 1)));
            } else {
                assertThat(value).as("%s in %s", path, body).isInstanceOf(Map.class);
                Map<?, ?> object = (Map<?, ?>) java.util.Objects.requireNonNull(value);
                assertThat(object.containsKey(step)).as("%s in %s", path, body).isTrue();
                value = object.get(step);
            }
        }
        return value;
    }

    /** Returns the text at a path. */
    public String text(String path) {
        @Nullable Object value = at(path);
        assertThat(value).as(path).isInstanceOf(String.class);
        return String.valueOf(value);
    }

    /** Returns the codes of {@code error.details}; empty if it is absent. */
    public List<String> detailCodes() {
        return details("code");
    }

    /** Returns the targets of {@code error.details}. */
    public List<String> detailTargets() {
        return details("target");
    }

    private List<String> details(String member) {
        List<String> texts = new ArrayList<>();
        if (json().get("error") instanceof Map<?, ?> error && error.get("details") instanceof List<?> details) {
            for (Object detail : details) {
                texts.add(String.valueOf(((Map<?, ?>) detail).get(member)));
            }
        }
        return texts;
    }

    /** Returns a member of each element of the array at the path. */
    public List<Object> each(String array, String member) {
        List<Object> values = new ArrayList<>();
        for (Object element : (List<?>) java.util.Objects.requireNonNull(at(array))) {
            values.add(java.util.Objects.requireNonNull(((Map<?, ?>) element).get(member)));
        }
        return values;
    }

    /** Asserts the status. */
    public FunctionResponse is(int expected) {
        assertThat(status).as("status of %s, log %s", body, log).isEqualTo(expected);
        return this;
    }

    /** Asserts an error with this status and code, in the error body of {@code docs/reference/errors.md}. */
    public FunctionResponse isError(int expected, String code) {
        is(expected).isErrorBody();
        assertThat(text("error.code")).as(body).isEqualTo(code);
        return this;
    }

    /** Asserts 400 {@code invalidRequest} with exactly these violations, written {@code code target}. */
    public FunctionResponse isInvalid(String... violations) {
        isError(400, "invalidRequest");
        List<String> found = new ArrayList<>();
        for (int i = 0; i < detailCodes().size(); i++) {
            found.add((detailCodes().get(i) + " " + detailTargets().get(i)).strip());
        }
        assertThat(found).as(body).containsExactlyInAnyOrder(violations);
        return this;
    }

    /** Asserts that the body is a complete error body without other members. */
    public void isErrorBody() {
        assertThat(header("Content-Type")).isEqualTo("application/json");
        assertThat(json()).containsOnlyKeys("error");
        Map<?, ?> error = (Map<?, ?>) java.util.Objects.requireNonNull(at("error"));
        assertThat(List.of("code", "message", "target", "details", "innerError"))
                .as(body)
                .containsAll(error.keySet().stream().map(String::valueOf).toList());
        assertThat(text("error.code")).matches("[a-z][A-Za-z]*");
        assertThat(text("error.message")).isNotBlank().doesNotContain("Exception", "\n");
        Map<?, ?> inner = (Map<?, ?>) java.util.Objects.requireNonNull(at("error.innerError"));
        assertThat(inner.keySet().stream().map(String::valueOf).toList())
                .containsExactlyInAnyOrder("date", "request-id", "client-request-id");
        assertThat(Instant.parse(text("error.innerError.date"))).isNotNull();
        assertThat(text("error.innerError.request-id")).isEqualTo(header("request-id"));
        if (error.get("details") instanceof List<?> details) {
            assertThat(details).isNotEmpty();
            for (Object detail : details) {
                assertThat(((Map<?, ?>) detail)
                                .keySet().stream().map(String::valueOf).toList())
                        .containsExactlyInAnyOrder("code", "message", "target");
                assertThat(String.valueOf(((Map<?, ?>) detail).get("message"))).isNotBlank();
            }
        }
    }

    /** Asserts that this response to HEAD equals the response to GET without the body. */
    public void isHeadOf(FunctionResponse get) {
        is(get.status);
        assertThat(headers).isEqualTo(get.headers);
        assertThat(body).isEmpty();
    }

    /** Returns whether the error code or the code of a detail is this one. */
    public boolean names(String code) {
        return text("error.code").equals(code) || detailCodes().contains(code);
    }
}
