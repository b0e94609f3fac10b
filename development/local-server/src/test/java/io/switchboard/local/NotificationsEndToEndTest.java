package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.switchboard.replay.EventSchema;
import io.switchboard.runtime.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tests the path from an HTTP request to the notified subscriber, and to the sweep of deleted records: stream, queues
 * and all five functions.
 */
class NotificationsEndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TEMPLATE = Path.of(System.getProperty("switchboard.root"), "template.yaml");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String RECORD = "/v1.0/communications/callRecords/call-1";
    private static final String SESSION = """
            {"id":"session-1","modalities":["audio"],"startDateTime":"2026-03-05T16:40:00Z","endDateTime":"2026-03-05T16:44:12Z",
            "caller":{"@odata.type":"#microsoft.graph.callRecords.participantEndpoint","name":"DESK-SECRET"}}""";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init") // before each test
    private HttpServer subscriber;

    @SuppressWarnings("NullAway.Init") // before each test
    private LocalServer server;

    @SuppressWarnings("NullAway.Init") // before each test
    private Callers callers;

    @SuppressWarnings("NullAway.Init") // before each test
    private String token;

    @BeforeEach
    void start() throws Exception {
        subscriber = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        subscriber.createContext("/secret-endpoint", this::receive);
        subscriber.start();
        var printed = new PrintStream(log, true, UTF_8);
        // This test needs a separate DynamoDB. Other servers on the same DynamoDB would read its stream and notify the
        // subscriber too.
        server = LocalServer.start(
                LocalServerSettings.of(TEMPLATE).withLongestQueueDelay(Duration.ZERO), printed, printed);
        callers = new Callers(HttpClient.newHttpClient(), server.baseUri());
        token = callers.token("roles=CallRecords.ReadWrite.All");
    }

    @AfterEach
    void stop() {
        callers.http().close();
        server.close();
        subscriber.stop(0);
        assertThat(log.toString(UTF_8)).doesNotContain("SECRET", "call-1", "session-1", "/secret-endpoint");
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String query = exchange.getRequestURI().getRawQuery();
            if (query != null) {
                byte[] response = URLDecoder.decode(query.replaceFirst("validationToken=", ""), UTF_8)
                        .getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/plain");
                exchange.sendResponseHeaders(200, response.length);
                exchange.getResponseBody().write(response);
                return;
            }
            received.add(JSON.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(202, -1);
        }
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        var request = callers.to(path)
                .header("Authorization", "Bearer " + token)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return callers.send(body.isEmpty() ? request : request.header("Content-Type", "application/json"));
    }

    private void subscribe() throws Exception {
        subscribe("created", "http://127.0.0.1:" + subscriber.getAddress().getPort() + "/secret-endpoint");
    }

    private void subscribe(String changeType, String url) throws Exception {
        var response = send(
                "POST",
                "/v1.0/subscriptions",
                JSON.createObjectNode()
                        .put("changeType", changeType)
                        .put("resource", "/communications/callRecords")
                        .put("notificationUrl", url)
                        .put("clientState", "SECRET state")
                        .put(
                                "expirationDateTime",
                                Instant.now().plusSeconds(3_600).toString())
                        .toString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private void post(String record) throws Exception {
        var response = send("POST", record + "/sessions", SESSION);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    @Test
    void local_subscriber_is_notified_of_a_new_call_record_once_within_seconds() throws Exception {
        subscribe();
        post(RECORD);

        var notification = received.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);

        assertThat(notification).isNotNull();
        assertThat(notification.at("/value/0/changeType").asText()).isEqualTo("created");
        assertThat(notification.at("/value/0/resourceData/id").asText()).isEqualTo("call-1");
        assertThat(notification.at("/value/0/clientState").asText()).isEqualTo("SECRET state");
        // The next notification is for the next call record, so the first one was sent only once.
        post(RECORD.replace("call-1", "call-2"));
        var next = received.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        assertThat(next.at("/value/0/resourceData/id").asText()).isEqualTo("call-2");
        assertThat(received).isEmpty();
    }

    /** The local server delivers the events to its own bus. Each copy of an event with another member is invalid. */
    @Test
    void changes_are_published_on_the_bus_as_documented() throws Exception {
        var schema = new EventSchema("call-record-events");
        subscribe("created,updated,deleted", "eventbus:");
        var request = callers.to(LocalEvents.PATH)
                .header("Authorization", "Bearer " + token)
                .build();
        try (var reader = EventReader.open(callers.http(), request)) {
            post(RECORD);
            var creating = reader.next(2);
            assertThat(send("DELETE", RECORD, "").statusCode()).isEqualTo(204);
            var deleted = reader.next();

            assertThat(creating)
                    .extracting(EventReader.Event::type)
                    .containsExactly("CallRecordCreated", "CallRecordUpdated");
            assertThat(deleted.type()).isEqualTo("CallRecordDeleted");
            for (var event : List.of(creating.getFirst(), creating.getLast(), deleted)) {
                assertThat(schema.problemsOf(event.data())).as(event.data()).isEmpty();
                assertThat(event.id()).isEqualTo(event.text("eventId"));
                assertThat(event.text("tenant")).isEqualTo("local");
                assertThat(event.text("callRecordId")).isEqualTo("call-1");
                var more = (ObjectNode) JSON.readTree(event.data());
                ((ObjectNode) more.path("detail")).put("userId", "alice");
                assertThat(schema.problemsOf(more.toString())).isNotEmpty();
                for (String member : List.of("eventId", "tenant", "callRecordId", "version")) {
                    var fewer = (ObjectNode) JSON.readTree(event.data());
                    ((ObjectNode) fewer.path("detail")).remove(member);
                    assertThat(schema.problemsOf(fewer.toString())).as(member).isNotEmpty();
                }
            }
            assertThat(reader.rest()).isEmpty();
        }
        assertThat(received).isEmpty();
    }

    @Test
    void children_of_a_deleted_call_record_are_swept() throws Exception {
        post(RECORD);
        assertThat(sortKeys()).hasSizeGreaterThan(1);

        assertThat(send("DELETE", RECORD, "").statusCode()).isEqualTo(204);

        assertThat(send("GET", RECORD, "").statusCode()).isEqualTo(404);
        // The remaining item of the record expires by its time to live.
        Await.until(
                TIMEOUT,
                "the deletion of all items except the record itself",
                () -> sortKeys().equals(List.of("RECORD")));
    }

    private List<String> sortKeys() {
        try (var clients = new LocalClients(server.dynamoDb())) {
            return clients
                    .dynamoDb()
                    .query(query -> query.tableName("CallRecords")
                            .keyConditionExpression("#record = :record")
                            .expressionAttributeNames(Map.of("#record", "record"))
                            .expressionAttributeValues(Map.of(":record", AttributeValue.fromS("local#call-1"))))
                    .items()
                    .stream()
                    .map(item -> requireNonNull(item.get("key")).s())
                    .toList();
        }
    }
}
