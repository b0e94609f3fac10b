package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.EventSchema;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Tests the events that the cases of {@code events/PublishSessionEvents.yaml} and an analytics event produce against
 * the schema and the page that describe them.
 */
class SessionEventFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OPTIONAL = Set.of(
            "tabTemplateName",
            "requestId",
            "correlationId",
            "conversationId",
            "communicationPanelWidth",
            "wrapUpExpiresDateTime",
            "disposition",
            "closedBy",
            "state",
            "previousState");
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));

    @Test
    void events_match_the_schema_and_cover_each_type() throws Exception {
        var schema = new EventSchema("session-events");
        Set<String> types = new TreeSet<>();
        for (JsonNode event : published()) {
            types.add(event.path("detail-type").asText());
            assertThat(schema.problemsOf(event.toString())).as(event.toString()).isEmpty();
            for (String corrupted : corrupted(event)) {
                assertThat(schema.problemsOf(corrupted)).as(corrupted).isNotEmpty();
            }
        }

        assertThat(types).isEqualTo(describedTypes());
    }

    @Test
    void page_describes_each_event_type_and_each_member() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/reference/session-events.md"));
        for (String type : describedTypes()) {
            assertThat(page).contains("`" + type + "`");
            JSON.readTree(EventSchema.text("session-events"))
                    .path("$defs")
                    .path(type)
                    .path("properties")
                    .fieldNames()
                    .forEachRemaining(name -> assertThat(page).contains("`" + name + "`"));
        }
    }

    private static Set<String> describedTypes() throws Exception {
        Set<String> types = new TreeSet<>();
        JSON.readTree(EventSchema.text("session-events"))
                .at("/properties/detail-type/enum")
                .forEach(type -> types.add(type.asText()));
        return types;
    }

    /** Invokes the function with each case and returns the events that reach its user on the bus. */
    private static List<JsonNode> published() throws Exception {
        List<JsonNode> published = new ArrayList<>();
        try (var http = HttpClient.newHttpClient();
                var server = LocalServer.start(LocalServerSettings.of(ROOT.resolve("template.yaml"))
                        .withParameters(java.util.Map.of("FixedTenant", "contoso"))
                        .withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()))) {
            var callers = new Callers(http, server.baseUri());
            var token = callers.token("user=alice&scope=Sessions.Read");
            var request = callers.to(LocalEvents.PATH)
                    .header("Authorization", "Bearer " + token)
                    .build();
            try (var reader = EventReader.open(http, request)) {
                for (EventCase each : EventCase.of("PublishSessionEvents")) {
                    String[] types = each.outcome().split("\\+", -1);
                    var response = callers.send(callers.to(InvokeApi.PATH + "PublishSessionEvents/invocations")
                            .header("Authorization", "AWS4-HMAC-SHA256 Credential=any")
                            .POST(BodyPublishers.ofString(each.text())));
                    assertThat(response.headers().firstValue("X-Amz-Function-Error"))
                            .as(response.body())
                            .isEmpty();
                    assertThat(JSON.readTree(response.body()).path("batchItemFailures"))
                            .as(each.toString())
                            .hasSize(types[0].equals("failed") ? 1 : 0);
                    for (int i = 0; i < types.length && types[0].matches("[A-Z].*"); i++) {
                        published.add(JSON.readTree(reader.next().data()));
                    }
                }
                int logged = log(callers);
                for (int i = 0; i < logged; i++) {
                    published.add(JSON.readTree(reader.next().data()));
                }
                assertThat(reader.rest()).isEmpty();
            }
        }
        return published;
    }

    /** Logs an analytics event of a new session, and returns the number of events. The session has two. */
    private static int log(Callers callers) throws Exception {
        String token = callers.token("user=alice&scope=Sessions.ReadWrite");
        var session = callers.send(callers.to("/sessions")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"templateName\":\"CallSessionTemplate\"}")));
        String id = JSON.readTree(session.body()).path("sessionId").asText();
        var response = callers.send(callers.to("/sessions/" + id + "/analyticsEvents")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"value\":[{\"eventName\":\"CallAnswered\"}]}")));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return 3;
    }

    /** Returns copies of the event with one extra, missing or mistyped member each, for every position. */
    private static List<String> corrupted(JsonNode event) {
        List<String> corrupted = new ArrayList<>();
        for (String pointer : List.of("", "/detail")) {
            ((ObjectNode) event.at(pointer)).fieldNames().forEachRemaining(name -> {
                ObjectNode fewer = event.deepCopy();
                ((ObjectNode) fewer.at(pointer)).remove(name);
                if (!OPTIONAL.contains(name)) {
                    corrupted.add(fewer.toString());
                }
                ObjectNode other = event.deepCopy();
                ((ObjectNode) other.at(pointer)).putArray(name).addArray();
                corrupted.add(other.toString());
            });
            ObjectNode more = event.deepCopy();
            ((ObjectNode) more.at(pointer)).put("title", "Contoso");
            corrupted.add(more.toString());
        }
        return corrupted;
    }
}
