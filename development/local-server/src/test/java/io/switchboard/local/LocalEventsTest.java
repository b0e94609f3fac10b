package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.replay.EventSchema;
import io.switchboard.runtime.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tests the path from an HTTP request to the user's event with the product's template and handlers, DynamoDB Local and
 * its stream.
 */
class LocalEventsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EventSchema SCHEMA = new EventSchema("session-events");
    private static final Path TEMPLATE = Path.of(System.getProperty("switchboard.root"), "template.yaml");
    private static final ByteArrayOutputStream LOG = new ByteArrayOutputStream();
    private static final String CALL =
            "{\"templateName\":\"CallSessionTemplate\",\"templateParameters\":{\"customer\":\"Contoso secret\"}}";

    private static LocalServer server;
    private static Callers callers;

    private final String user = "user-" + UUID.randomUUID();

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
        assertThat(LOG.toString(UTF_8)).doesNotContain(user, "secret", "Bearer");
    }

    private String token(String fields) throws Exception {
        return callers.token(fields);
    }

    private String userToken() throws Exception {
        return token("user=" + user + "&scope=Sessions.ReadWrite");
    }

    private static HttpRequest.Builder events(String token) {
        return callers.to(LocalEvents.PATH).header("Authorization", "Bearer " + token);
    }

    private static EventReader reader(HttpRequest.Builder request) throws Exception {
        return EventReader.open(callers.http(), request.build());
    }

    private static JsonNode post(String path, String token, String body) throws Exception {
        var response = callers.send(callers.to(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
        return JSON.readTree(response.body());
    }

    private static String create(String token) throws Exception {
        return post("/sessions", token, CALL).path("sessionId").asText();
    }

    private static void assertAsDocumented(List<EventReader.Event> events) {
        for (EventReader.Event event : events) {
            assertThat(SCHEMA.problemsOf(event.data())).as(event.data()).isEmpty();
            assertThat(event.id()).isEqualTo(event.text("eventId"));
            assertThat(event.data()).doesNotContain("secret");
        }
    }

    @Test
    void user_receives_events_of_created_focused_and_closed_sessions() throws Exception {
        String token = userToken();
        try (var reader = reader(events(token))) {
            String session = create(token);

            var creating = reader.next(2);
            assertAsDocumented(creating);
            assertThat(creating)
                    .extracting(EventReader.Event::type)
                    .containsExactly("SessionCreated", "SessionSwitched");
            assertThat(creating.getFirst().text("sessionId")).isEqualTo(session);
            assertThat(creating.getFirst().text("userId")).isEqualTo(user);
            assertThat(creating.getLast().text("previousSessionId")).isEqualTo("home");
            assertThat(creating.getLast().text("newSessionId")).isEqualTo(session);

            post("/sessions/" + session + "/close", token, "");

            var closing = reader.next(2);
            assertAsDocumented(closing);
            assertThat(closing).extracting(EventReader.Event::type).containsExactly("SessionClosed", "SessionSwitched");
            assertThat(closing.getFirst().text("sequence")).isEqualTo("2");
            assertThat(closing.getLast().text("newSessionId")).isEqualTo("home");
            assertThat(reader.rest()).isEmpty();
        }
    }

    @Test
    void other_users_and_tenants_receive_no_events() throws Exception {
        String token = userToken();
        try (var mine = reader(events(token));
                var others = reader(events(token("user=another-user&scope=Sessions.Read")));
                var elsewhere = reader(events(token("user=" + user + "&tenant=other&scope=Sessions.Read")))) {
            create(token);
            mine.next(2);
            // The bus delivers an event to all readers at once, so an event for them would have arrived.
            String last = token("user=another-user&scope=Sessions.ReadWrite");
            create(last);
            assertThat(others.next(2))
                    .allSatisfy(event -> assertThat(event.text("userId")).isEqualTo("another-user"));
            assertThat(others.rest()).isEmpty();
            assertThat(elsewhere.rest()).isEmpty();
            assertThat(mine.rest()).isEmpty();
        }
    }

    @Test
    void reconnecting_client_gets_the_missed_events() throws Exception {
        String token = userToken();
        String first;
        List<EventReader.Event> seen;
        try (var reader = reader(events(token))) {
            first = create(token);
            seen = List.of(reader.next(), reader.next());
        }
        post("/sessions/" + first + "/close", token, "");

        try (var reader =
                reader(events(token).header("Last-Event-ID", seen.getLast().id()))) {
            assertThat(reader.next(2))
                    .extracting(EventReader.Event::type)
                    .containsExactly("SessionClosed", "SessionSwitched");
        }
        try (var reader =
                reader(events(token).header("Last-Event-ID", seen.getFirst().id()))) {
            assertThat(reader.next()).isEqualTo(seen.getLast());
        }
        try (var reader = reader(events(token).header("Last-Event-ID", "unknown"))) {
            assertThat(reader.next()).isEqualTo(seen.getFirst());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "roles=Sessions.ReadWrite.All, 403, userRequired",
        "user=alice&scope=Templates.Read, 403, permissionRequired",
        "user=alice&scope=Sessions.ReadWrite.Provider, 403, permissionRequired"
    })
    void token_without_a_user_or_the_permission_is_rejected(String fields, int status, String code) throws Exception {
        var response = callers.send(events(token(fields)));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).at("/error/code").asText()).isEqualTo(code);
    }

    @Test
    void missing_token_other_method_and_other_path_are_rejected() throws Exception {
        assertThat(callers.send(callers.to(LocalEvents.PATH)).statusCode()).isEqualTo(401);
        assertThat(callers.send(events("no.valid.token")).statusCode()).isEqualTo(401);
        assertThat(callers.send(events(userToken()).POST(BodyPublishers.ofString("")))
                        .statusCode())
                .isEqualTo(405);
        assertThat(callers.send(callers.to(LocalEvents.PATH + "/more").header("Authorization", "Bearer " + userToken()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void page_of_an_allowed_origin_may_read_events() throws Exception {
        String origin = "http://localhost:" + server.baseUri().getPort();
        try (var client = new RawRequest(server.baseUri())) {
            assertThat(client.send("OPTIONS " + LocalEvents.PATH + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                            + "\r\nAccess-Control-Request-Method: GET\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 204")
                    .containsIgnoringCase("access-control-allow-origin: " + origin)
                    .containsIgnoringCase(",Last-Event-ID");
        }
        try (var client = new RawRequest(server.baseUri())) {
            assertThat(client.firstLines("GET " + LocalEvents.PATH + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin
                            + "\r\nAuthorization: Bearer " + userToken() + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("access-control-allow-origin: " + origin);
        }
    }

    /** Events of call records name no user. */
    @Test
    void event_of_a_call_record_reaches_readers_of_call_records_of_its_tenant_only() throws Exception {
        String record = "record-" + user;
        try (var users = reader(events(userToken()));
                var readers = reader(events(token("roles=CallRecords.Read.All")));
                var both = reader(
                        events(token("user=" + user + "&scope=CallRecords.ReadWrite.All%20Sessions.ReadWrite")));
                var elsewhere = reader(events(token("tenant=other&roles=CallRecords.Read.All")))) {
            var detail = JSON.createObjectNode().put("tenant", "local").put("callRecordId", record);
            publish("switchboard.callRecords", "CallRecordCreated", detail.toString());

            assertThat(readers.next().text("callRecordId")).isEqualTo(record);
            assertThat(both.next().text("callRecordId")).isEqualTo(record);
            create(userToken());
            assertThat(both.next(2))
                    .extracting(EventReader.Event::type)
                    .containsExactly("SessionCreated", "SessionSwitched");
            assertThat(users.next().type()).isEqualTo("SessionCreated");
            assertThat(readers.rest()).isEmpty();
            assertThat(elsewhere.rest()).isEmpty();
        }
    }

    /** Publishes an event on the local bus, as an SDK does. */
    private void publish(String source, String type, String detail) throws Exception {
        var entries = JSON.createObjectNode();
        entries.putArray("Entries")
                .addObject()
                .put("Source", source)
                .put("DetailType", type)
                .put("Detail", detail);
        var response = callers.send(callers.to(LocalBus.PATH)
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=any")
                .header("X-Amz-Target", "AWSEvents.PutEvents")
                .POST(BodyPublishers.ofString(entries.toString())));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /** An application's custom event that names a user on the bus reaches that user. */
    @Test
    void custom_event_of_an_application_reaches_its_user() throws Exception {
        try (var reader = reader(events(userToken()))) {
            var detail = JSON.createObjectNode()
                    .put("tenant", "local")
                    .put("userId", user)
                    .put("note", "call back");
            publish("contoso.softphone", "CallbackWanted", detail.toString());

            var event = reader.next();

            assertThat(event.type()).isEqualTo("CallbackWanted");
            assertThat(event.text("note")).isEqualTo("call back");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"Entries\":[]} | 400 | ValidationException",
                "{ | 400 | SerializationException",
                "{\"Entries\":[{\"Source\":\"a\",\"DetailType\":\"b\",\"Detail\":\"no json\"}]} | 200 | MalformedDetail",
                "{\"Entries\":[{\"Source\":\"a\",\"Detail\":\"{}\"}]} | 200 | InvalidArgument"
            })
    void bus_rejects_the_same_requests_as_eventbridge(String body, int status, String error) throws Exception {
        var response = callers.send(callers.to(LocalBus.PATH)
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=any")
                .header("X-Amz-Target", "AWSEvents.PutEvents")
                .POST(BodyPublishers.ofString(body)));

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).contains(error);
    }

    @Test
    void unsigned_request_publishes_nothing_on_the_bus() throws Exception {
        var response = callers.send(callers.to(LocalBus.PATH)
                .header("X-Amz-Target", "AWSEvents.PutEvents")
                .POST(BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("MissingAuthenticationToken");
    }

    @Test
    void open_event_stream_does_not_prevent_the_server_from_stopping() throws Exception {
        var own = LocalServer.start(LocalServerSettings.of(TEMPLATE).withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()));
        var ownCallers = new Callers(callers.http(), own.baseUri());
        String token = ownCallers.token("user=" + user + "&scope=Sessions.Read");
        var request = ownCallers
                .to(LocalEvents.PATH)
                .header("Authorization", "Bearer " + token)
                .build();
        try (var reader = EventReader.open(callers.http(), request)) {
            own.close();
            assertThat(reader.endsWithin(Duration.ofSeconds(20))).isTrue();
        }
    }
}
