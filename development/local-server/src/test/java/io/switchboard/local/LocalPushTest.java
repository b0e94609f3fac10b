package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.runtime.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The push of the local server, from an HTTP request to the message at a subscriber, with the product's template and
 * handlers, DynamoDB Local and its stream; and the protocol of AppSync Events.
 */
class LocalPushTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TEMPLATE = Path.of(System.getProperty("switchboard.root"), "template.yaml");
    private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();
    private static final String CALL =
            "{\"templateName\":\"CallSessionTemplate\",\"templateParameters\":{\"customer\":\"Contoso secret\"}}";

    private static LocalServer server;
    private static Callers callers;

    private final String user = UUID.randomUUID().toString();

    @BeforeAll
    static void start() {
        var log = new PrintStream(LOG, true, UTF_8);
        server = LocalServer.start(
                LocalServerSettings.of(TEMPLATE).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()),
                log,
                log,
                Clock.systemUTC(),
                Ticker.system(),
                Duration.ofSeconds(30));
        callers = new Callers(HttpClient.newHttpClient(), server.baseUri());
    }

    @AfterAll
    static void stop() {
        callers.http().shutdownNow();
        server.close();
    }

    @AfterEach
    void log_contains_no_personal_data() {
        assertThat(LOG.toString(UTF_8)).doesNotContain(user, "secret", "Bearer", "/desk/");
    }

    private static String tokenOf(String name) throws Exception {
        return callers.token("user=" + name + "&scope=Sessions.ReadWrite");
    }

    private static HttpResponse<String> send(String method, String path, String token, String body) throws Exception {
        return callers.send(callers.to(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    }

    private static JsonNode events(String token) throws Exception {
        return JSON.readTree(send("GET", "/me/events", token, "").body());
    }

    private static URI realtime(JsonNode events) {
        return URI.create(events.path("realtimeEndpoint").asText());
    }

    private static PushClient connect(String token) throws Exception {
        return new PushClient(callers.http(), realtime(events(token)), token);
    }

    private static PushClient connected(String token) throws Exception {
        var client = connect(token);
        assertThat(client.ask("connection_init").path("type").asText()).isEqualTo("connection_ack");
        return client;
    }

    private static PushClient subscribed(String token) throws Exception {
        var client = connected(token);
        var answer = client.subscribe("1", events(token).path("channel").asText(), token);
        assertThat(answer.toString()).isEqualTo("{\"type\":\"subscribe_success\",\"id\":\"1\"}");
        return client;
    }

    private static int publish(String body) throws Exception {
        return callers.send(callers.to(LocalPush.PATH)
                        .header("Authorization", "AWS4-HMAC-SHA256 Credential=any")
                        .POST(BodyPublishers.ofString(body)))
                .statusCode();
    }

    @Test
    void subscriber_gets_a_message_for_each_change_of_its_own_desk() throws Exception {
        String token = tokenOf(user);
        String other = tokenOf("other-" + user.substring(0, 8));
        try (var mine = subscribed(token);
                var others = subscribed(other)) {
            assertThat(send("POST", "/sessions", token, CALL).statusCode()).isEqualTo(201);

            assertThat(mine.next().toString())
                    .isEqualTo("{\"type\":\"data\",\"id\":\"1\",\"event\":\"{\\\"desk\\\":1}\"}");
            send("POST", "/sessions", other, CALL);
            assertThat(others.next().path("event").asText()).isEqualTo("{\"desk\":1}");
            assertThat(mine.isQuiet()).isTrue();
            assertThat(others.isQuiet()).isTrue();
        }
    }

    @Test
    void offer_reaches_the_subscribed_agent() throws Exception {
        String backend = callers.token("roles=Sessions.ReadWrite.All");
        try (var client = subscribed(tokenOf(user))) {
            var offered = send(
                    "POST", "/users/" + user + "/notifications", backend, "{\"templateName\":\"msdyn_chat_consult\"}");
            assertThat(offered.statusCode()).as(offered.body()).isEqualTo(201);

            assertThat(client.next().path("event").asText()).matches("\\{\"desk\":\\d+}");
        }
    }

    @Test
    void connection_uses_the_protocol_of_appsync() throws Exception {
        String token = tokenOf(user);
        String channel = events(token).path("channel").asText();
        try (var client = connect(token)) {
            assertThat(client.protocol()).isEqualTo("aws-appsync-event-ws");
            assertThat(client.subscribe("0", channel, token).path("type").asText())
                    .as("a subscription before connection_init")
                    .isEqualTo("subscribe_error");
            assertThat(client.ask("connection_init").toString())
                    .isEqualTo("{\"type\":\"connection_ack\",\"connectionTimeoutMs\":300000}");
            assertThat(client.subscribe("1", channel, "Bearer " + token)
                            .path("type")
                            .asText())
                    .isEqualTo("subscribe_success");
            assertThat(client.subscribe("1", channel, token)
                            .at("/errors/0/errorType")
                            .asText())
                    .isEqualTo("DuplicatedOperationError");
            assertThat(client.ask("unsubscribe", "id", "1").toString())
                    .isEqualTo("{\"type\":\"unsubscribe_success\",\"id\":\"1\"}");
            assertThat(client.ask("unsubscribe", "id", "1").path("type").asText())
                    .isEqualTo("unsubscribe_error");
            assertThat(client.ask("publish", "id", "2", "channel", channel)
                            .path("type")
                            .asText())
                    .isEqualTo("publish_error");
            assertThat(client.ask("anything").path("type").asText()).isEqualTo("error");
            assertThat(client.send("no json").path("type").asText()).isEqualTo("error");
        }
    }

    @Test
    void token_admits_only_to_the_channel_of_its_user() throws Exception {
        String token = tokenOf(user);
        String channel = events(token).path("channel").asText();
        String elsewhere = callers.token("user=" + user + "&tenant=other&scope=Sessions.Read");
        String app = callers.token("roles=Sessions.Read");
        try (var client = connected(token)) {
            int id = 0;
            for (String refused : new String[] {
                events(tokenOf("bob")).path("channel").asText(),
                events(elsewhere).path("channel").asText(),
                channel.substring(0, channel.lastIndexOf('/')) + "/*",
                "/desk/*",
                "/*",
                "/desk",
                channel + "/more",
                channel.substring(1),
                ""
            }) {
                var answer = client.subscribe(Integer.toString(++id), refused, token);
                assertThat(answer.path("type").asText()).as(refused).isEqualTo("subscribe_error");
                assertThat(answer.at("/errors/0/errorType").asText()).isEqualTo("UnauthorizedException");
            }
            for (String refused : new String[] {elsewhere, app, "no.valid.token", ""}) {
                assertThat(client.subscribe(Integer.toString(++id), channel, refused)
                                .path("type")
                                .asText())
                        .isEqualTo("subscribe_error");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no.valid.token", ""})
    void connection_without_a_valid_token_is_closed(String token) throws Exception {
        try (var client = new PushClient(callers.http(), realtime(events(tokenOf(user))), token)) {
            assertThat(client.ask("connection_init").path("type").asText()).isEqualTo("connection_error");
            assertThat(client.next().path("type").asText()).isEqualTo("closed");
        }
    }

    @Test
    void other_paths_have_no_web_sockets() throws Exception {
        URI endpoint = realtime(events(tokenOf(user)));
        assertThatThrownBy(() -> new PushClient(callers.http(), endpoint.resolve("/event"), "any"))
                .hasMessageContaining("WebSocketHandshakeException");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"channel\":\"/desk/a/b\",\"events\":[\"{}\"]} | 200",
                "{\"channel\":\"/desk/a/b\",\"events\":[\"no json\"]} | 200",
                "{\"channel\":\"/desk/a/b\",\"events\":[]} | 400",
                "{\"channel\":\"/desk/a/b\",\"events\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]} | 400",
                "{\"channel\":\"/desk/a/*\",\"events\":[\"{}\"]} | 400",
                "{\"channel\":\"/desk/a_b\",\"events\":[\"{}\"]} | 400",
                "{ | 400"
            })
    void requests_to_publish_are_checked_as_by_appsync(String body, int status) throws Exception {
        assertThat(publish(body)).isEqualTo(status);
    }

    @Test
    void unsigned_request_publishes_nothing() throws Exception {
        var response = callers.send(callers.to(LocalPush.PATH)
                .POST(BodyPublishers.ofString("{\"channel\":\"/desk/a/b\",\"events\":[\"{}\"]}")));

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void server_without_push_has_no_endpoints() throws Exception {
        try (var own = LocalServer.start(LocalServerSettings.of(TEMPLATE)
                .withDynamoDb(EmbeddedDynamoDb.sharedEndpoint())
                .withParameters(Map.of("Push", "none")))) {
            var ownCallers = new Callers(callers.http(), own.baseUri());
            var response = ownCallers.send(ownCallers
                    .to("/me/events")
                    .header("Authorization", "Bearer " + ownCallers.token("user=" + user + "&scope=Sessions.Read")));
            assertThat(JSON.readTree(response.body()).path("transport").asText())
                    .isEqualTo("none");
        }
    }

    @Test
    void open_connection_does_not_prevent_the_server_from_stopping() throws Exception {
        var own = LocalServer.start(LocalServerSettings.of(TEMPLATE).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()));
        var ownCallers = new Callers(callers.http(), own.baseUri());
        String token = ownCallers.token("user=" + user + "&scope=Sessions.Read");
        var events = JSON.readTree(ownCallers
                .send(ownCallers.to("/me/events").header("Authorization", "Bearer " + token))
                .body());
        try (var client = new PushClient(callers.http(), realtime(events), token)) {
            assertThat(client.ask("connection_init").path("type").asText()).isEqualTo("connection_ack");
            own.close();
            assertThat(client.next().path("type").asText()).isEqualTo("closed");
        }
    }
}
