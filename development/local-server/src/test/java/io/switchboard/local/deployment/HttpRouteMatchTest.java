package io.switchboard.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the selection of a request's route, independent of the order in the template. */
class HttpRouteMatchTest {
    private static final List<HttpRoute> ROUTES = List.of(
            route(HttpRoute.ANY, HttpRoute.DEFAULT),
            route(HttpRoute.ANY, "/{proxy+}"),
            route(HttpRoute.ANY, "/sessions/{proxy+}"),
            route("OPTIONS", "/{proxy+}"),
            route("OPTIONS", "/sessions/{proxy+}"),
            route(HttpRoute.ANY, "/users/{proxy+}"),
            route(HttpRoute.ANY, "/sessions"),
            route("POST", "/sessions"),
            route("POST", "/users/{userId}/sessions"),
            route("GET", "/users/{userId}/desk"),
            route("GET", "/users/home/desk"));

    @ParameterizedTest
    @CsvSource(textBlock = """
                    POST,    /sessions,             POST /sessions
                    GET,     /sessions,             ANY /sessions
                    GET,     /sessions/1,           ANY /sessions/{proxy+}
                    POST,    /sessions/1/focus,     ANY /sessions/{proxy+}
                    OPTIONS, /sessions/1,           OPTIONS /sessions/{proxy+}
                    POST,    /users/u/sessions,     POST /users/{userId}/sessions
                    GET,     /users/u/sessions,     ANY /users/{proxy+}
                    POST,    /users/u/sessions/1,   ANY /users/{proxy+}
                    GET,     /users/u/desk,         GET /users/{userId}/desk
                    GET,     /users/home/desk,      GET /users/home/desk
                    OPTIONS, /users/u,              ANY /users/{proxy+}
                    OPTIONS, /elsewhere,            OPTIONS /{proxy+}
                    GET,     /elsewhere,            ANY /{proxy+}
                    GET,     /SESSIONS,             ANY /{proxy+}
                    GET,     /sessions/,            ANY /{proxy+}
                    POST,    /users//sessions,      ANY /users/{proxy+}
                    GET,     /,                     $default
                    """)
    void most_specific_path_wins_before_the_method(String method, String path, String routeKey) {
        var forwards = deployment(ROUTES).match(method, path).orElseThrow();
        var backwards = deployment(ROUTES.reversed()).match(method, path).orElseThrow();

        assertThat(forwards.route().routeKey()).isEqualTo(routeKey);
        assertThat(backwards).isEqualTo(forwards);
    }

    @Test
    void parameter_matches_one_segment_and_a_greedy_parameter_the_rest() {
        assertThat(deployment(ROUTES).match("POST", "/users/u 1/sessions"))
                .hasValueSatisfying(match -> assertThat(match.pathParameters()).isEqualTo(Map.of("userId", "u 1")));
        assertThat(deployment(ROUTES).match("GET", "/sessions/1/tabs/2"))
                .hasValueSatisfying(match -> assertThat(match.pathParameters()).isEqualTo(Map.of("proxy", "1/tabs/2")));
    }

    @Test
    void request_may_have_no_route_without_a_default_route() {
        assertThat(deployment(List.of(route("POST", "/sessions"))).match("GET", "/sessions"))
                .isEmpty();
    }

    private static HttpRoute route(String method, String path) {
        return new HttpRoute(method, path, true, "Function");
    }

    private static Deployment deployment(List<HttpRoute> routes) {
        return new Deployment(
                Map.of(),
                routes,
                List.of(),
                List.of(),
                List.of(),
                Cors.none(),
                new JwtAuthorizer("https://issuer", List.of("a")));
    }
}
