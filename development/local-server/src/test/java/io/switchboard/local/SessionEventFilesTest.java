package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.SessionEventSchema;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The events that the cases of {@code events/PublishSessionEvents.yaml} give, and the schema and page that describe them. */
class SessionEventFilesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));

    @Test
    void every_event_is_as_the_schema_says_and_there_is_one_of_each_kind() throws Exception {
        var schema = new SessionEventSchema();
        Set<String> types = new TreeSet<>();
        for (JsonNode event : published()) {
            types.add(event.path("detail-type").asText());
            assertThat(schema.problemsOf(event.toString())).as(event.toString()).isEmpty();
            for (String spoiled : spoiled(event)) {
                assertThat(schema.problemsOf(spoiled)).as(spoiled).isNotEmpty();
            }
        }

        assertThat(types).isEqualTo(describedTypes());
    }

    @Test
    void the_page_describes_each_kind_of_event_and_each_of_its_members() throws Exception {
        String page = Files.readString(ROOT.resolve("docs/session-events.md"));
        for (String type : describedTypes()) {
            assertThat(page).contains("`" + type + "`");
            JSON.readTree(SessionEventSchema.text())
                    .path("$defs")
                    .path(type)
                    .path("properties")
                    .fieldNames()
                    .forEachRemaining(name -> assertThat(page).contains("`" + name + "`"));
        }
    }

    private static Set<String> describedTypes() throws Exception {
        Set<String> types = new TreeSet<>();
        JSON.readTree(SessionEventSchema.text())
                .at("/properties/detail-type/enum")
                .forEach(type -> types.add(type.asText()));
        return types;
    }

    /** Invokes the function with each case, as somebody who tries it does, and takes from the bus what reaches its user. */
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
                    var answer = callers.send(callers.to(InvokeApi.PATH + "PublishSessionEvents/invocations")
                            .header("Authorization", "AWS4-HMAC-SHA256 Credential=any")
                            .POST(BodyPublishers.ofString(each.text())));
                    assertThat(answer.headers().firstValue("X-Amz-Function-Error"))
                            .as(answer.body())
                            .isEmpty();
                    assertThat(JSON.readTree(answer.body()).path("batchItemFailures"))
                            .as(each.toString())
                            .hasSize(types[0].equals("failed") ? 1 : 0);
                    for (int i = 0; i < types.length && types[0].matches("[A-Z].*"); i++) {
                        published.add(JSON.readTree(reader.next().data()));
                    }
                }
                assertThat(reader.rest()).isEmpty();
            }
        }
        return published;
    }

    /** The event with one thing too much, too little or of another type, each at another place. */
    private static List<String> spoiled(JsonNode event) {
        List<String> spoiled = new ArrayList<>();
        for (String pointer : List.of("", "/detail")) {
            ((ObjectNode) event.at(pointer)).fieldNames().forEachRemaining(name -> {
                ObjectNode fewer = event.deepCopy();
                ((ObjectNode) fewer.at(pointer)).remove(name);
                if (!name.equals("tabTemplateName")) {
                    spoiled.add(fewer.toString());
                }
                ObjectNode other = event.deepCopy();
                ((ObjectNode) other.at(pointer)).putArray(name).addArray();
                spoiled.add(other.toString());
            });
            ObjectNode more = event.deepCopy();
            ((ObjectNode) more.at(pointer)).put("title", "Contoso");
            spoiled.add(more.toString());
        }
        return spoiled;
    }
}
