package io.switchboard.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.identity.Permission;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the HTTP features of every function: content codings, HEAD, media types, and response headers. */
final class ApiFunctionTest {
    private static final CachedJson CACHED = new CachedJson(Map.of("cached", "x".repeat(5_000)));

    private final Things things = new Things();

    /** Returns the received content. */
    private static final class Things extends ApiFunction {
        Things() {
            super(
                    new RouteTable(List.of(
                            route(
                                    "GET",
                                    "/things",
                                    request -> Response.ok(Map.of("text", "x".repeat(size(request))))
                                            .withEntityTag(new EntityTag("1"), request)),
                            route("POST", "/things", Things::echo),
                            route("PATCH", "/things", request -> Response.ok(request.mergePatch())),
                            route("PUT", "/things", request -> Response.ok(request.bodyObject(5_000_000))),
                            route("DELETE", "/things", request -> Response.noContent()),
                            route("GET", "/count", request -> Response.text("7".repeat(size(request)))),
                            route("GET", "/cached", request -> Response.ok(CACHED)),
                            route("GET", "/fault", request -> {
                                throw new IllegalStateException("a fault");
                            }))),
                    ApiSettings.of(Map.of()),
                    InstantSource.system());
        }

        private static Route route(String method, String pattern, Route.Operation operation) {
            return Route.of(method, pattern, operation, Permission.SESSIONS_READ_WRITE);
        }

        private static int size(Request request) {
            return Integer.parseInt(request.query(java.util.Set.of("size")).getOrDefault("size", "1"));
        }

        private static Response echo(Request request) {
            return Response.created("/things/1", request.bodyObject(true)).with("Hash", request.bodyHash());
        }
    }

    private FunctionResponse get(String path, int size, String acceptEncoding) {
        return ApiEvent.of("GET", path)
                .query("size", Integer.toString(size))
                .header("accept-encoding", acceptEncoding)
                .sendTo(things);
    }

    private static byte[] gzip(String text) {
        return ContentCodingTest.gzip(text.getBytes(UTF_8));
    }

    // ── Requests ──────────────────────────────────────────────────────────────────

    @Test
    void compression_does_not_change_the_request_hash() {
        String text = "{\"a\":\"ö\"}";
        FunctionResponse plain =
                ApiEvent.of("POST", "/things").text(text).sendTo(things).is(201);
        FunctionResponse compressed = ApiEvent.of("POST", "/things")
                .header("Content-Encoding", "gzip")
                .bytes(gzip(text))
                .sendTo(things)
                .is(201);
        FunctionResponse inflatedByTheGateway = ApiEvent.of("POST", "/things")
                .header("Content-Encoding", "gzip")
                .text(text)
                .sendTo(things)
                .is(201);

        assertThat(compressed.json()).isEqualTo(Map.of("a", "ö"));
        assertThat(List.of(plain, compressed, inflatedByTheGateway))
                .extracting(response -> response.header("Hash"))
                .containsOnly(plain.header("Hash"));
    }

    @Test
    void gzip_is_accepted_by_each_method_with_a_body() {
        for (String method : List.of("POST", "PUT", "PATCH")) {
            ApiEvent event = ApiEvent.of(method, "/things")
                    .header("content-encoding", "x-gzip")
                    .bytes(gzip("{\"a\":1}"));
            assertThat(event.sendTo(things).json()).as(method).isEqualTo(Map.of("a", 1));
        }
    }

    @Test
    void decompressed_body_is_limited_to_the_maximum_of_its_route() {
        byte[] large = gzip("{\"a\":\"" + "x".repeat(2_000_000) + "\"}");
        ApiEvent.of("PUT", "/things")
                .header("content-encoding", "gzip")
                .bytes(large)
                .sendTo(things)
                .is(200);
        for (String method : List.of("POST", "PATCH")) {
            FunctionResponse response = ApiEvent.of(method, "/things")
                    .header("content-encoding", "gzip")
                    .bytes(large)
                    .sendTo(things)
                    .isError(413, "contentTooLarge");
            assertThat(response.text("error.message")).contains("1048576 bytes");
        }
    }

    @Test
    void unsupported_coding_is_415_with_the_supported_ones() {
        FunctionResponse response = ApiEvent.of("POST", "/things")
                .header("content-encoding", "br")
                .text("{}")
                .sendTo(things)
                .isError(415, "unsupportedMediaType");

        assertThat(response.header("Accept-Encoding")).isEqualTo("gzip, deflate, identity");
        assertThat(ApiEvent.of("POST", "/things")
                        .header("content-type", "text/plain")
                        .text("{}")
                        .sendTo(things)
                        .isError(415, "unsupportedMediaType")
                        .headers())
                .doesNotContainKey("Accept-Encoding");
    }

    @Test
    void corrupt_body_is_400_with_the_header() {
        for (byte[] body : List.of(new byte[] {0x1F, (byte) 0x8B, 8}, new byte[] {1, 2, 3})) {
            ApiEvent.of("POST", "/things")
                    .header("content-encoding", "gzip")
                    .bytes(body)
                    .sendTo(things)
                    .isInvalid("invalidContentEncoding Content-Encoding");
        }
    }

    @Test
    void coding_of_an_empty_body_is_ignored() {
        ApiEvent.of("DELETE", "/things")
                .header("content-encoding", "br")
                .sendTo(things)
                .is(204);
        ApiEvent.of("POST", "/things")
                .header("content-type", "application/json")
                .header("content-encoding", "gzip")
                .sendTo(things)
                .isInvalid("required");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json; charset=utf-8-evil",
                "application/json; charset=utf-16; charset=utf-8",
                "application/json; charset=utf-8; charset=utf-8",
                "application/json; charset=\"utf-8",
                "application/jsonx",
                "application/json, text/plain",
                "text/json"
            })
    void media_type_other_than_json_in_utf_8_is_415(String type) {
        ApiEvent.of("POST", "/things")
                .header("content-type", type)
                .text("{}")
                .sendTo(things)
                .isError(415, "unsupportedMediaType");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json; charset=\"UTF-8\"", "Application/JSON;odata=verbose", "application/json ;"})
    void media_type_of_json_in_utf_8_is_read(String type) {
        ApiEvent.of("POST", "/things")
                .header("content-type", type)
                .text("{}")
                .sendTo(things)
                .is(201);
    }

    @Test
    void message_repeats_at_most_100_characters_of_a_media_type() {
        FunctionResponse response = ApiEvent.of("POST", "/things")
                .header("content-type", "text/" + "x".repeat(5_000))
                .text("{}")
                .sendTo(things)
                .is(415);
        assertThat(response.text("error.message")).hasSizeLessThan(250);
    }

    // ── Responses ─────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @CsvSource({"1013, false", "1014, true", "100000, true"})
    void response_of_more_than_1_kb_is_compressed(int size, boolean isCompressed) {
        FunctionResponse response = get("/things", size, "deflate, gzip;q=0.9").is(200);

        assertThat(response.headers().containsKey("Content-Encoding")).isEqualTo(isCompressed);
        assertThat(response.text("text")).hasSize(size);
        assertThat(response.headers())
                .containsEntry("Vary", "Accept-Encoding")
                .containsEntry("Content-Type", "application/json")
                .containsEntry("ETag", "W/\"1\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip;q=0", "identity", "br", "*;q=0"})
    void response_is_not_compressed_unless_the_caller_accepts_it(String acceptEncoding) {
        assertThat(get("/things", 5_000, acceptEncoding).is(200).headers())
                .doesNotContainKey("Content-Encoding")
                .containsEntry("Vary", "Accept-Encoding");
    }

    @Test
    void accept_encoding_is_case_insensitive_and_text_and_cached_json_are_compressed() {
        FunctionResponse text = ApiEvent.of("GET", "/count")
                .query("size", "2000")
                .header("Accept-ENCODING", "GZIP")
                .sendTo(things)
                .is(200);
        assertThat(text.headers())
                .containsEntry("Content-Encoding", "gzip")
                .containsEntry("Content-Type", "text/plain");
        assertThat(text.body()).isEqualTo("7".repeat(2_000));
        for (int i = 0; i < 2; i++) {
            FunctionResponse cached = ApiEvent.of("GET", "/cached")
                    .header("accept-encoding", "gzip")
                    .sendTo(things)
                    .is(200);
            assertThat(cached.headers()).containsEntry("Content-Encoding", "gzip");
            assertThat(cached.text("cached")).hasSize(5_000);
            assertThat(ApiEvent.of("GET", "/cached").sendTo(things).is(200).body())
                    .isEqualTo(cached.body());
        }
        assertThat(CACHED.gzipped()).isSameAs(CACHED.gzipped());
    }

    @Test
    void error_of_more_than_1_kb_is_compressed() {
        ApiEvent event = ApiEvent.of("GET", "/things").header("accept-encoding", "gzip");
        for (int i = 0; i < 20; i++) {
            event = event.query("unknown" + i, "1");
        }
        FunctionResponse error = event.sendTo(things).is(400);

        assertThat(error.headers()).containsEntry("Content-Encoding", "gzip").containsEntry("Vary", "Accept-Encoding");
        error.isErrorBody();
    }

    @Test
    void response_without_a_body_has_no_coding() {
        for (ApiEvent event : List.of(
                ApiEvent.of("DELETE", "/things"),
                ApiEvent.of("OPTIONS", "/things"),
                ApiEvent.of("GET", "/things").header("if-none-match", "W/\"1\""))) {
            FunctionResponse response = event.header("accept-encoding", "gzip").sendTo(things);
            assertThat(response.status()).isIn(204, 304);
            assertThat(response.body()).isEmpty();
            assertThat(response.headers()).doesNotContainKeys("Content-Encoding", "Content-Type");
            assertThat(response.headers().containsKey("Vary")).isEqualTo(response.status() == 304);
        }
    }

    @Test
    void head_returns_the_headers_of_get_without_a_body() {
        List<ApiEvent> events = List.of(
                ApiEvent.of("GET", "/things"),
                ApiEvent.of("GET", "/things").query("size", "5000").header("accept-encoding", "gzip"),
                ApiEvent.of("GET", "/things").header("if-none-match", "*"),
                ApiEvent.of("GET", "/things").query("unknown", "1"),
                ApiEvent.of("GET", "/things").permissions("Sessions.Read"),
                ApiEvent.of("GET", "/things").withoutClaims(),
                ApiEvent.of("GET", "/count"),
                ApiEvent.of("GET", "/nothing"),
                ApiEvent.of("GET", "/fault"));
        for (ApiEvent event : events) {
            event.asHead().sendTo(things).isHeadOf(event.sendTo(things));
        }
    }

    @Test
    void every_response_forbids_content_sniffing() {
        for (ApiEvent event : List.of(
                ApiEvent.of("GET", "/things"),
                ApiEvent.of("POST", "/things").text("{}"),
                ApiEvent.of("DELETE", "/things"),
                ApiEvent.of("OPTIONS", "/things"),
                ApiEvent.of("GET", "/things").header("if-none-match", "*"),
                ApiEvent.of("GET", "/things").withoutClaims(),
                ApiEvent.of("TRACE", "/things"),
                ApiEvent.of("GET", "/nothing"),
                ApiEvent.of("GET", "/fault"))) {
            assertThat(event.sendTo(things).headers())
                    .as(event.toString())
                    .containsEntry("X-Content-Type-Options", "nosniff");
        }
    }
}
