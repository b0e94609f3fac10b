package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.FunctionResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /me/events}: where a client subscribes to the changes of its desk. */
class MyEventsTest {
    private static final Map<String, String> ENDPOINTS =
            Map.of("PUSH_HTTP", "abc.appsync-api.example.com", "PUSH_REALTIME", "abc.appsync-realtime-api.example.com");

    private final SessionFixture polling = new SessionFixture();
    private final SessionFixture pushing = new SessionFixture(
            new SessionFixture("PUSH_HTTP", ENDPOINTS.getOrDefault("PUSH_HTTP", "")).environment,
            "PUSH_REALTIME",
            ENDPOINTS.getOrDefault("PUSH_REALTIME", ""));

    private static FunctionResponse read(SessionFixture fixture, String user) {
        return fixture.event("GET", "/me/events")
                .user(user)
                .claim("tid", "contoso")
                .permissions("Sessions.Read")
                .sendTo(fixture.manage)
                .is(200);
    }

    @Test
    void client_learns_where_to_subscribe() {
        FunctionResponse events = read(pushing, "alice");

        assertThat(events.body())
                .isEqualTo("{\"transport\":\"appsync\",\"httpEndpoint\":\"https://abc.appsync-api.example.com/event\","
                        + "\"realtimeEndpoint\":\"wss://abc.appsync-realtime-api.example.com/event/realtime\","
                        + "\"channel\":\"/desk/Y29udG9zbw/YWxpY2U\",\"pollSeconds\":60}");
    }

    @Test
    void stack_without_push_makes_clients_poll() {
        assertThat(read(polling, "alice").body())
                .isEqualTo("{\"transport\":\"none\",\"httpEndpoint\":null,\"realtimeEndpoint\":null,"
                        + "\"channel\":null,\"pollSeconds\":15}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zo\u00eb", "a-user-with-an-id-of-more-than-37-bytes"})
    void user_whose_id_does_not_fit_into_a_channel_polls(String user) {
        assertThat(read(pushing, user).at("transport")).isEqualTo("none");
        assertThat(read(pushing, user).at("channel")).isNull();
    }

    @Test
    void query_options_are_rejected() {
        polling.event("GET", "/me/events")
                .query("$top", "1")
                .sendTo(polling.manage)
                .isInvalid("unknownQueryOption $top");
    }
}
