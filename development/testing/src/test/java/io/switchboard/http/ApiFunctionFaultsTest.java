package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.text.InputLimits;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiFunctionFaultsTest {
    private static ApiFunction function(Route.Operation operation) {
        return new ApiFunction(
                new RouteTable(List.of(Route.open("GET", "/thing", operation))),
                ApiSettings.of(Map.of()),
                InstantSource.system()) {};
    }

    private static Map<String, @Nullable Object> line(FunctionResponse response) {
        assertThat(response.log()).hasSize(1);
        return Json.readOwn(response.log().getFirst());
    }

    static List<Throwable> faults() {
        return List.of(
                new IllegalStateException("personal"),
                new StackOverflowError("personal"),
                new InternalError("personal"),
                new NoClassDefFoundError("personal"),
                new ExceptionInInitializerError("personal"),
                new AssertionError("personal"));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // Errors and exceptions are thrown alike.
    private static <T extends Throwable> Response raise(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void every_fault_returns_the_error_body_and_is_counted(Throwable fault) {
        FunctionResponse response = ApiEvent.of("GET", "/thing")
                .sendTo(function(request -> ApiFunctionFaultsTest.<RuntimeException>raise(fault)))
                .isError(500, "internalServerError");

        assertThat(response.body())
                .doesNotContain("personal", "java.", fault.getClass().getSimpleName());
        assertThat(line(response))
                .containsEntry("level", "ERROR")
                .containsEntry("RequestsFailed", 1)
                .containsEntry("status", 500);
        assertThat(response.log().getFirst())
                .contains(fault.getClass().getName())
                .doesNotContain("personal");
    }

    private static int deep(int depth) {
        return depth == 0 ? 0 : deep(depth - 1) + 1;
    }

    @Test
    void function_still_serves_after_a_stack_overflow() {
        ApiFunction function =
                function(request -> request.hasBody() ? Response.ok(deep(Integer.MAX_VALUE)) : Response.text("fine"));

        ApiEvent.of("GET", "/thing").body(Map.of()).sendTo(function).isError(500, "internalServerError");
        assertThat(ApiEvent.of("GET", "/thing").sendTo(function).is(200).body()).isEqualTo("fine");
    }

    @Test
    void out_of_memory_error_ends_the_environment() {
        ApiFunction function = function(request -> {
            throw new OutOfMemoryError("none left");
        });

        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> ApiEvent.of("GET", "/thing").sendTo(function));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "null", "{\"a\":1,\"a\":2}", "{} {}", "{\"body\":1e99999999999}", "\uFEFF{}"})
    void unreadable_event_returns_the_error_body(String event) {
        FunctionResponse response = ApiEvent.send(
                        event.getBytes(StandardCharsets.UTF_8), function(request -> Response.noContent()))
                .isError(500, "internalServerError");

        assertThat(response.header("request-id")).isEqualTo("invocation-1");
        assertThat(line(response)).containsEntry("RequestsFailed", 1).containsEntry("requestId", "invocation-1");
    }

    @Test
    void event_in_malformed_utf_8_returns_the_error_body() {
        ApiEvent.send("{\"é\":1}".getBytes(StandardCharsets.ISO_8859_1), function(request -> Response.noContent()))
                .isError(500, "internalServerError");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"requestContext\":{}}",
                "{\"requestContext\":{\"http\":{}},\"rawPath\":null}",
                "{\"headers\":[]}"
            })
    void incomplete_event_returns_the_error_body(String event) {
        ApiEvent.send(event.getBytes(StandardCharsets.UTF_8), function(request -> Response.noContent()))
                .isErrorBody();
    }

    @Test
    void unwritable_response_returns_the_error_body() {
        Object cyclic = new Object() {
            @Override
            public String toString() {
                throw new StackOverflowError();
            }
        };

        ApiEvent.of("GET", "/thing")
                .sendTo(function(request -> new Response(200, Map.of("Content-Type", "text/plain"), cyclic)))
                .isError(500, "internalServerError");
    }

    @Test
    void response_beyond_the_limit_of_lambda_is_413() {
        // Each quote takes four bytes: it is escaped in the body, and again in the response.
        String quotes = "\"".repeat(InputLimits.RESPONSE_BYTES / 4);

        FunctionResponse response = ApiEvent.of("GET", "/thing")
                .sendTo(function(request -> Response.ok(Map.of("a", quotes))))
                .isError(413, "contentTooLarge");

        assertThat(line(response)).containsEntry("RequestsRefused", 1).doesNotContainKey("RequestsFailed");
        ApiEvent.of("GET", "/thing")
                .sendTo(function(request -> Response.ok(Map.of("a", quotes.substring(1_000)))))
                .is(200);
    }

    @Test
    void event_is_read_with_raw_and_with_escaped_characters() {
        ApiFunction function = function(request -> Response.ok(request.query(java.util.Set.of("é😀"))));
        String raw = ApiEvent.of("GET", "/thing").query("é😀", "😀\u2028é").toString();

        for (String event : List.of(raw, escaped(raw))) {
            assertThat(ApiEvent.send(event.getBytes(StandardCharsets.UTF_8), function)
                            .is(200)
                            .json())
                    .isEqualTo(Map.of("é😀", "😀\u2028é"));
        }
    }

    /** Returns the same JSON with an escape for each non-ASCII character. */
    static String escaped(String json) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            escaped.append(c < 0x80 ? String.valueOf(c) : "\\u%04x".formatted((int) c));
        }
        return escaped.toString();
    }
}
