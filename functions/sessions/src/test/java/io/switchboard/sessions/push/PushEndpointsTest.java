package io.switchboard.sessions.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushEndpointsTest {
    private static final String HTTP = "abc.appsync-api.eu-central-1.amazonaws.com";
    private static final String REALTIME = "abc.appsync-realtime-api.eu-central-1.amazonaws.com";

    @Test
    void domains_of_appsync_become_urls() {
        assertThat(PushEndpoints.of(Map.of("PUSH_HTTP", HTTP, "PUSH_REALTIME", REALTIME)))
                .contains(new PushEndpoints(
                        URI.create("https://" + HTTP + "/event"), URI.create("wss://" + REALTIME + "/event/realtime")));
    }

    @Test
    void urls_of_another_server_are_used_unchanged() {
        URI http = URI.create("http://127.0.0.1:1/event");
        URI realtime = URI.create("ws://127.0.0.1:2/event/realtime");
        assertThat(PushEndpoints.of(Map.of("PUSH_HTTP", http.toString(), "PUSH_REALTIME", realtime.toString())))
                .contains(new PushEndpoints(http, realtime));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "unknown"})
    void absent_endpoint_disables_push(String absent) {
        assertThat(PushEndpoints.of(Map.of())).isEmpty();
        assertThat(PushEndpoints.of(Map.of("PUSH_HTTP", absent, "PUSH_REALTIME", REALTIME)))
                .isEmpty();
        assertThat(PushEndpoints.of(Map.of("PUSH_HTTP", HTTP, "PUSH_REALTIME", absent)))
                .isEmpty();
        assertThat(DeskPush.of(Map.of("PUSH_HTTP", absent, "PUSH_REALTIME", absent)))
                .isEmpty();
    }
}
