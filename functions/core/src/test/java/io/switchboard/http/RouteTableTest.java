package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.switchboard.identity.Caller;
import io.switchboard.identity.Permission;
import io.switchboard.json.Violation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouteTableTest {
    private final RouteTable table = new RouteTable(List.of(
            route("GET", "/things/{id}"),
            route("DELETE", "/things/{id}"),
            route("GET", "/things/special"),
            route("GET", "/things"),
            Route.servedElsewhere("POST", "/things"),
            route("GET", "/things/{id}/parts/{part}"),
            Route.servedElsewhere("PUT", "/elsewhere")));

    private static Route route(String method, String pattern) {
        return Route.of(method, pattern, request -> Response.noContent(), Permission.SESSIONS_READ);
    }

    @Test
    void literal_segment_takes_precedence_in_either_order() {
        RouteTable reversed = new RouteTable(table.routes().reversed());
        for (RouteTable either : List.of(table, reversed)) {
            assertThat(pattern(either, "GET", "/things/special")).isEqualTo("/things/special");
            assertThat(pattern(either, "GET", "/things/other")).isEqualTo("/things/{id}");
            assertThat(pattern(either, "DELETE", "/things/special")).isEqualTo("/things/{id}");
        }
    }

    @Test
    void parameters_are_not_decoded_again() {
        assertThat(table.match("GET", "/things/a%2Fb%25 {x}/parts/..").parameters())
                .isEqualTo(Map.of("id", "a%2Fb%25 {x}", "part", ".."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{id}", "{callRecordId}", "{", "}", "a{b}c", "a}"})
    void id_with_a_brace_is_rejected_with_its_value(String id) {
        RouteTable.Match match = table.match("GET", "/things/" + id + "/parts/ok");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> match.serve(request()))
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(400);
                    assertThat(refusal.details()).singleElement().satisfies(detail -> {
                        assertThat(detail.target()).isEqualTo("id");
                        assertThat(detail.message()).contains(id);
                    });
                });
    }

    @Test
    void every_placeholder_of_a_path_is_reported() {
        RouteTable.Match match = table.match("GET", "/things/{id}/parts/{part}");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> match.serve(request()))
                .satisfies(refusal -> assertThat(refusal.details())
                        .extracting(Violation::target)
                        .containsExactly("id", "part"));
    }

    private static Request request() {
        return new Request(
                "GET",
                "/",
                Map.of(),
                Map.of(),
                Map.of(),
                new RequestBody(new byte[0], "", ""),
                new Caller("t", "u", "p", Set.of("Sessions.Read"), Set.of()),
                Instant.EPOCH,
                "https://api.example",
                "id");
    }

    @Test
    void decoded_slash_separates_segments() {
        assertThat(pattern(table, "GET", "/things/a/parts/b")).isEqualTo("/things/{id}/parts/{part}");
        assertRejected(404, "GET", "/things/a/b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/thing",
                "/Things",
                "/things/",
                "/things//",
                "//things",
                "things",
                "/things/a/parts",
                "/things/a/parts/",
                "/things/a/parts/b/",
                "/things//parts/b"
            })
    void path_without_a_matching_pattern_is_not_found(String path) {
        assertRejected(404, "GET", path);
    }

    @Test
    void allow_lists_all_methods_including_those_of_other_functions() {
        assertThat(assertRejected(405, "PUT", "/things").headers()).isEqualTo(Map.of("Allow", "GET, HEAD, POST"));
        assertThat(assertRejected(405, "POST", "/things").headers()).isEqualTo(Map.of("Allow", "GET, HEAD, POST"));
        assertThat(assertRejected(405, "PATCH", "/things/special").headers())
                .isEqualTo(Map.of("Allow", "DELETE, GET, HEAD"));
        assertThat(assertRejected(405, "GET", "/elsewhere").headers()).isEqualTo(Map.of("Allow", "PUT"));
        assertThat(assertRejected(405, "get", "/things").code()).isEqualTo("methodNotAllowed");
    }

    @Test
    void head_uses_the_route_of_get_only() {
        assertThat(pattern(table, "HEAD", "/things/special")).isEqualTo("/things/special");
        assertThat(pattern(table, "HEAD", "/things/other")).isEqualTo("/things/{id}");
        assertThat(assertRejected(405, "HEAD", "/elsewhere").headers()).isEqualTo(Map.of("Allow", "PUT"));
        assertThat(assertRejected(405, "head", "/things").headers()).isEqualTo(Map.of("Allow", "GET, HEAD, POST"));
        assertRejected(404, "HEAD", "/nothing");
    }

    @Test
    void route_without_a_permission_must_be_declared_open() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.of("GET", "/things", request -> Response.noContent()))
                .withMessageContaining("GET /things");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Route(
                        "GET", "/things", true, Set.of(Permission.SESSIONS_READ), request -> Response.noContent()));
        assertThat(Route.open("GET", "/things", request -> Response.noContent()).isOpen())
                .isTrue();
    }

    @Test
    void parameter_that_is_marked_as_a_value_matches_only_a_segment_with_the_mark() {
        PathSyntax syntax = path -> Stream.of(path.split("/", -1))
                .map(text -> new PathSyntax.Segment(text.replaceFirst("^=", ""), text.startsWith("=")))
                .toList();
        RouteTable marked = new RouteTable(
                List.of(route("GET", "/newest/={count}"), route("GET", "/things/{id}"), route("GET", "/things/=x")),
                List.of(),
                syntax);

        assertThat(marked.match("GET", "/newest/=5").parameters()).isEqualTo(Map.of("count", "5"));
        assertThat(marked.match("GET", "/things/=5").parameters()).isEqualTo(Map.of("id", "5"));
        assertThat(marked.match("GET", "/things/=x").parameters()).isEqualTo(Map.of("id", "x"));
        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> marked.match("GET", "/newest/5"));
    }

    private static String pattern(RouteTable table, String method, String path) {
        return table.match(method, path).route().pattern();
    }

    private Refusal assertRejected(int status, String method, String path) {
        Refusal[] refusal = new Refusal[1];
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> table.match(method, path))
                .satisfies(thrown -> refusal[0] = thrown);
        assertThat(refusal[0].status()).isEqualTo(status);
        return refusal[0];
    }
}
