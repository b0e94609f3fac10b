package io.switchboard.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which door a request goes through, whatever the order in which the template lists them. */
class DoorMatchTest {
    private static final List<Door> DOORS = List.of(
            door(Door.ANY, Door.DEFAULT),
            door(Door.ANY, "/{proxy+}"),
            door(Door.ANY, "/sessions/{proxy+}"),
            door("OPTIONS", "/{proxy+}"),
            door("OPTIONS", "/sessions/{proxy+}"),
            door(Door.ANY, "/users/{proxy+}"),
            door(Door.ANY, "/sessions"),
            door("POST", "/sessions"),
            door("POST", "/users/{userId}/sessions"),
            door("GET", "/users/{userId}/desk"),
            door("GET", "/users/home/desk"));

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
    void the_most_specific_path_wins_and_then_the_method(String method, String path, String routeKey) {
        var forwards = deployment(DOORS).match(method, path).orElseThrow();
        var backwards = deployment(DOORS.reversed()).match(method, path).orElseThrow();

        assertThat(forwards.door().routeKey()).isEqualTo(routeKey);
        assertThat(backwards).isEqualTo(forwards);
    }

    @Test
    void a_variable_takes_one_segment_and_a_greedy_one_all_that_follow() {
        assertThat(deployment(DOORS).match("POST", "/users/u 1/sessions"))
                .hasValueSatisfying(match -> assertThat(match.pathParameters()).isEqualTo(Map.of("userId", "u 1")));
        assertThat(deployment(DOORS).match("GET", "/sessions/1/tabs/2"))
                .hasValueSatisfying(match -> assertThat(match.pathParameters()).isEqualTo(Map.of("proxy", "1/tabs/2")));
    }

    @Test
    void without_a_default_door_nothing_may_match() {
        assertThat(deployment(List.of(door("POST", "/sessions"))).match("GET", "/sessions"))
                .isEmpty();
    }

    private static Door door(String method, String path) {
        return new Door(method, path, true, "Function");
    }

    private static Deployment deployment(List<Door> doors) {
        return new Deployment(
                Map.of(),
                doors,
                List.of(),
                List.of(),
                List.of(),
                Cors.none(),
                new JwtAuthorizer("https://issuer", List.of("a")));
    }
}
