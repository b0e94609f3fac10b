package io.switchboard.callrecords;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.graph.Batch;
import io.switchboard.http.ApiFunction;
import io.switchboard.http.ApiSettings;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.http.Route;
import io.switchboard.http.RouteTable;
import io.switchboard.identity.Permission;
import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests batches over routes that return their requests. */
class BatchTest {
    private final List<String> served = new ArrayList<>();
    private final RouteTable parts = new RouteTable(List.of(
            Route.of("GET", "/v1.0/communications/callRecords/{id}", this::echo, Permission.CALL_RECORDS_READ_ALL),
            Route.of("POST", "/v1.0/communications/callRecords", this::echo, Permission.CALL_RECORDS_READ_WRITE_ALL),
            Route.of(
                    "GET",
                    "/v1.0/communications/callRecords/$count",
                    request -> Response.text("3"),
                    Permission.CALL_RECORDS_READ_ALL),
            Route.of(
                    "GET",
                    "/v1.0/communications/callRecords/{id}/large",
                    request -> {
                        served.add("large");
                        return Response.ok(Map.of("a", "x".repeat(3_000_000)));
                    },
                    Permission.CALL_RECORDS_READ_ALL),
            Route.of(
                    "PATCH",
                    "/v1.0/communications/callRecords/{id}",
                    request -> {
                        served.add("patch");
                        return Response.ok(Map.of("a", "x".repeat(3_000_000))).with("ETag", "W/\"2\"");
                    },
                    Permission.CALL_RECORDS_READ_ALL),
            Route.of(
                    "PUT",
                    "/v1.0/communications/callRecords/{id}",
                    request -> {
                        throw new StackOverflowError();
                    },
                    Permission.CALL_RECORDS_READ_ALL),
            Route.of(
                    "DELETE",
                    "/v1.0/communications/callRecords/{id}",
                    request -> {
                        throw Refusal.notFound("There is none.");
                    },
                    Permission.CALL_RECORDS_READ_ALL),
            Route.of(
                    "GET",
                    "/v1.0/subscriptions",
                    request -> {
                        throw new Unavailable(Dependency.DATABASE, false, "for the test");
                    },
                    Permission.CALL_RECORDS_READ_ALL)));

    private final ApiFunction function = new Function(new Batch(parts));

    private static final class Function extends ApiFunction {
        Function(Batch batch) {
            super(
                    new RouteTable(
                            List.of(Route.of("POST", "/v1.0/$batch", batch::serve, Permission.CALL_RECORDS_READ_ALL))),
                    ApiSettings.of(Map.of()),
                    InstantSource.system());
        }
    }

    private Response echo(Request request) {
        served.add(request.method() + " " + request.path());
        Map<String, @Nullable Object> echoed = new LinkedHashMap<>();
        echoed.put("path", request.path());
        echoed.put("id", request.hasPathParameter("id") ? request.pathParameter("id") : null);
        echoed.put("select", request.query(Set.of("$select")).get("$select"));
        echoed.put("tenant", request.caller().tenant());
        echoed.put("body", request.hasBody() ? request.bodyObject(false) : null);
        return Response.ok(echoed).with("ETag", "W/\"1\"");
    }

    private FunctionResponse send(List<Map<String, Object>> requests) {
        return ApiEvent.of("POST", "/v1.0/$batch")
                .permissions("CallRecords.Read.All")
                .body(Map.of("requests", requests))
                .sendTo(function);
    }

    private static Map<String, Object> get(String id, String url, String... dependsOn) {
        return Map.of("id", id, "method", "GET", "url", url, "dependsOn", List.of(dependsOn));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/communications/callRecords/a%20b?$select=id",
                "communications/callRecords/a%20b?$select=id",
                "/v1.0/communications/callRecords/a%20b?%24select=id",
                "/Prod/v1.0/communications/callRecords/a%20b?$select=id"
            })
    void url_is_accepted_with_and_without_slash_version_and_stage(String url) {
        FunctionResponse answer = send(List.of(get("1", url))).is(200);

        assertThat(answer.at("responses[0].id")).isEqualTo("1");
        assertThat(answer.at("responses[0].status")).isEqualTo(200);
        assertThat(answer.at("responses[0].body.id")).isEqualTo("a b");
        assertThat(answer.at("responses[0].body.select")).isEqualTo("id");
        assertThat(answer.at("responses[0].body.tenant")).isEqualTo("contoso");
        assertThat(answer.at("responses[0].headers.ETag")).isEqualTo("W/\"1\"");
    }

    @Test
    void each_part_gets_its_own_response_in_the_order_of_the_batch() {
        FunctionResponse answer = send(List.of(
                        get("1", "/communications/callRecords/4711"),
                        Map.of("id", "2", "method", "delete", "url", "/communications/callRecords/4711"),
                        get("3", "/subscriptions"),
                        get("4", "/communications/callRecords/$count"),
                        get("5", "/sessions"),
                        get("6", "/communications/callRecords/4711?$top=1")))
                .is(200);

        assertThat(answer.each("responses", "id")).containsExactly("1", "2", "3", "4", "5", "6");
        assertThat(answer.each("responses", "status")).containsExactly(200, 404, 503, 200, 404, 400);
        assertThat(answer.at("responses[1].body.error.code")).isEqualTo("notFound");
        assertThat(answer.at("responses[1].body.error.innerError.request-id")).isEqualTo("request-1");
        assertThat(String.valueOf(answer.at("responses[2].headers.Retry-After")))
                .matches("[1-9]|1[0-9]|20");
        assertThat(answer.at("responses[3].body")).as("base64url of 3").isEqualTo("Mw");
    }

    @ParameterizedTest
    @CsvSource({"gzip, 415", "GZIP, 415", "br, 415", "'identity, gzip', 415", "identity, 200", "Identity, 200"})
    void part_rejects_a_content_encoding(String coding, int status) {
        FunctionResponse answer = ApiEvent.of("POST", "/v1.0/$batch")
                .permissions("CallRecords.ReadWrite.All CallRecords.Read.All")
                .body(Map.of(
                        "requests",
                        List.of(
                                Map.of(
                                        "id",
                                        "1",
                                        "method",
                                        "POST",
                                        "url",
                                        "/communications/callRecords",
                                        "headers",
                                        Map.of("content-type", "application/json", "Content-Encoding", coding),
                                        "body",
                                        Map.of("a", 1)),
                                get("2", "/communications/callRecords/4711"))))
                .sendTo(function)
                .is(200);

        assertThat(answer.each("responses", "status")).containsExactly(status, 200);
    }

    @Test
    void compressed_batch_returns_a_compressed_response() throws Exception {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
            List<Map<String, Object>> requests = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                requests.add(get(Integer.toString(i), "/communications/callRecords/4711"));
            }
            gzip.write(Json.write(Map.of("requests", requests)).getBytes(StandardCharsets.UTF_8));
        }
        FunctionResponse answer = ApiEvent.of("POST", "/v1.0/$batch")
                .permissions("CallRecords.Read.All")
                .header("content-encoding", "gzip")
                .header("accept-encoding", "gzip")
                .bytes(compressed.toByteArray())
                .sendTo(function)
                .is(200);

        assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(answer.each("responses", "status")).hasSize(20).containsOnly(200);
    }

    @Test
    void part_accepts_header_names_in_any_case() {
        FunctionResponse answer = ApiEvent.of("POST", "/v1.0/$batch")
                .permissions("CallRecords.ReadWrite.All CallRecords.Read.All")
                .body(Map.of(
                        "requests",
                        List.of(Map.of(
                                "id",
                                "1",
                                "method",
                                "POST",
                                "url",
                                "/communications/callRecords",
                                "headers",
                                Map.of("content-type", "application/json", "Content-Type", "application/json"),
                                "body",
                                Map.of("id", "4711")))))
                .sendTo(function)
                .is(200);

        assertThat(answer.at("responses[0].body.body.id")).isEqualTo("4711");
    }

    @Test
    void part_requires_the_permission_of_its_own_route() {
        FunctionResponse answer = send(List.of(Map.of(
                        "id",
                        "1",
                        "method",
                        "POST",
                        "url",
                        "/communications/callRecords",
                        "headers",
                        Map.of("Content-Type", "application/json"),
                        "body",
                        Map.of())))
                .is(200);

        assertThat(answer.at("responses[0].status")).isEqualTo(403);
        assertThat(served).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/communications/callRecords/{callRecordId}",
                "/communications/callRecords/%7BcallRecordId%7D?$select=id",
                "/v1.0/communications/callRecords/{callRecordId}"
            })
    void placeholder_in_the_url_of_a_part_is_rejected_and_named(String url) {
        FunctionResponse answer = send(List.of(get("1", url), get("2", "/communications/callRecords/4711")))
                .is(200);

        assertThat(answer.each("responses", "status")).containsExactly(400, 200);
        assertThat(answer.at("responses[0].body.error.code")).isEqualTo("invalidRequest");
        assertThat(answer.at("responses[0].body.error.details[0].target")).isEqualTo("id");
        assertThat(answer.text("responses[0].body.error.details[0].message")).contains("{callRecordId}");
        assertThat(served).containsExactly("GET /v1.0/communications/callRecords/4711");
    }

    @Test
    void part_that_depends_on_a_failed_part_is_not_executed() {
        FunctionResponse answer = send(List.of(
                        get("a", "/communications/callRecords/1"),
                        get("b", "/communications/callRecords/2", "A"),
                        get("c", "/nowhere"),
                        get("d", "/communications/callRecords/3", "a", "c"),
                        get("e", "/communications/callRecords/4", "d")))
                .is(200);

        assertThat(answer.each("responses", "status")).containsExactly(200, 200, 404, 424, 424);
        assertThat(answer.at("responses[3].body.error.code")).isEqualTo("failedDependency");
        assertThat(served)
                .containsExactly("GET /v1.0/communications/callRecords/1", "GET /v1.0/communications/callRecords/2");
    }

    @Test
    void invalid_batch_is_rejected_as_a_whole() {
        send(List.of()).isInvalid("required requests");
        send(List.of(get("1", "/x"), get("1", "/y"))).isInvalid("duplicateValue requests[1].id");
        send(List.of(get("1", "/x", "2"), get("2", "/y"))).isInvalid("invalidValue requests[0].dependsOn");
        send(List.of(Map.of("url", "/x"))).isInvalid("required requests[0].id", "required requests[0].method");
        send(List.of(Map.of("id", "1", "method", "TRACE", "url", "/x"))).isInvalid("invalidValue requests[0].method");
        send(List.of(Map.of("id", "1", "method", "POST", "url", "/x", "body", Map.of())))
                .isInvalid("required requests[0].headers");
        List<Map<String, Object>> many = new ArrayList<>();
        for (int i = 0; i < 21; i++) {
            many.add(get("part-" + i, "/x"));
        }
        send(many).isInvalid("tooMany requests");
        assertThat(served).isEmpty();
    }

    @Test
    void twenty_parts_are_served() {
        List<Map<String, Object>> many = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.add(get("part-" + i, "/communications/callRecords/" + i));
        }

        send(many).is(200);

        assertThat(served).hasSize(20);
    }

    @Test
    void full_batch_stops_reading_and_still_writes() {
        FunctionResponse answer = send(List.of(
                        get("1", "/communications/callRecords/4711/large"),
                        get("2", "/communications/callRecords/4711/large"),
                        get("3", "/communications/callRecords/4711/large"),
                        Map.of("id", "4", "method", "PATCH", "url", "/communications/callRecords/4711"),
                        get("5", "/communications/callRecords/4711"),
                        Map.of("id", "6", "method", "DELETE", "url", "/communications/callRecords/4711")))
                .is(200);

        assertThat(answer.each("responses", "status")).containsExactly(200, 413, 413, 200, 413, 404);
        assertThat(answer.at("responses[2].body.error.code")).isEqualTo("contentTooLarge");
        assertThat(answer.at("responses[3].headers.ETag")).isEqualTo("W/\"2\"");
        assertThat(served).containsExactly("large", "large", "patch");
    }

    @Test
    void stack_overflow_fails_only_its_own_part() {
        FunctionResponse answer = send(List.of(
                        get("1", "/communications/callRecords/1"),
                        Map.of("id", "2", "method", "PUT", "url", "/communications/callRecords/2"),
                        get("3", "/communications/callRecords/3")))
                .is(200);

        assertThat(answer.each("responses", "status")).containsExactly(200, 500, 200);
        assertThat(answer.at("responses[1].body.error.code")).isEqualTo("internalServerError");
        assertThat(answer.log().getLast()).contains("\"RequestsFailed\":1", "StackOverflowError");
    }

    @Test
    void error_repeats_only_the_beginning_of_long_values() {
        String text = "x".repeat(4_000_000);
        List<Map<String, Object>> bodies = List.of(
                get("1", "/x", text),
                get("1", "/x", "x".repeat(255)),
                get(text, "/x"),
                Map.of("id", "1", "method", text, "url", "/x"),
                Map.of("id", "1", "method", "GET", "url", "/x", text, 1),
                Map.of("id", "1", "method", "GET", "url", "/x", "headers", Map.of(text, 1)));
        for (Map<String, Object> part : bodies) {
            FunctionResponse answer = send(List.of(part)).is(400);
            assertThat(answer.body()).hasSizeLessThan(2_000).doesNotContain("x".repeat(101));
        }
    }

    @Test
    void part_returns_the_request_id_if_its_own_id_is_too_long() {
        for (String id : List.of("own", "o".repeat(257), "o\u0001")) {
            FunctionResponse answer = send(List.of(Map.of(
                            "id", "1", "method", "GET", "url", "/nowhere", "headers", Map.of("client-request-id", id))))
                    .is(200);
            assertThat(answer.at("responses[0].body.error.innerError.client-request-id"))
                    .isEqualTo(id.equals("own") ? "own" : "request-1");
        }
    }

    @Test
    void headers_of_a_part_are_counted_before_they_are_read() {
        Map<String, Object> headers = new LinkedHashMap<>();
        for (int i = 0; i < 101; i++) {
            headers.put("h" + i, 1);
        }
        send(List.of(Map.of("id", "1", "method", "GET", "url", "/x", "headers", headers)))
                .isInvalid("tooMany requests[0].headers");
    }

    @Test
    void batch_of_graphs_python_client_is_served() {
        Map<String, Object> part = new LinkedHashMap<>(get("1", "/v1.0/communications/callRecords/1"));
        part.remove("dependsOn");
        part.put("depends_on", List.of());
        part.put("headers", Map.of());

        FunctionResponse answer = ApiEvent.of("POST", "/v1.0/$batch")
                .permissions("CallRecords.Read.All")
                .body(Map.of("requests", List.of(part), "unknown", true))
                .sendTo(function)
                .is(200);

        assertThat(answer.at("responses[0].status")).isEqualTo(200);
    }

    @Test
    void url_of_this_api_is_relative_and_that_of_another_host_is_never_requested() {
        String own = Objects.requireNonNull(send(List.of(get("1", "http://other.example/communications/callRecords/1")))
                        .is(200)
                        .text("responses[0].body.error.details[0].message"))
                .replaceFirst(".* is not below (https://[^/]+)/\\..*", "$1");
        assertThat(own).startsWith("https://");
        FunctionResponse answer = send(List.of(
                        get("1", own + "/v1.0/communications/callRecords/1?$select=id"),
                        get("2", own.toUpperCase(Locale.ROOT) + "/communications/callRecords/2"),
                        get("3", own + ".example/v1.0/communications/callRecords/3"),
                        get("4", "https://graph.microsoft.com/v1.0/communications/callRecords/4"),
                        get("5", own),
                        get("6", "communications/callRecords/6?$select=https://x")))
                .is(200);

        assertThat(answer.each("responses", "status")).containsExactly(200, 200, 400, 400, 404, 200);
        assertThat(answer.at("responses[0].body.select")).isEqualTo("id");
        assertThat(answer.at("responses[3].body.error.details[0].target")).isEqualTo("url");
        assertThat(served)
                .containsExactly(
                        "GET /v1.0/communications/callRecords/1",
                        "GET /v1.0/communications/callRecords/2",
                        "GET /v1.0/communications/callRecords/6");
    }

    @Test
    void group_of_one_request_is_accepted_and_may_be_depended_on() {
        Map<String, Object> grouped = new LinkedHashMap<>(get("1", "/communications/callRecords/1"));
        grouped.put("atomicityGroup", "g");

        assertThat(send(List.of(grouped, get("2", "/communications/callRecords/2", "G")))
                        .is(200)
                        .each("responses", "status"))
                .containsExactly(200, 200);
        Map<String, Object> second = new LinkedHashMap<>(get("3", "/communications/callRecords/3"));
        second.put("atomicityGroup", "G");
        send(List.of(grouped, second)).isInvalid("notAllowed requests[1].atomicityGroup");
        assertThat(served).hasSize(2);
    }
}
