package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.openapi.DocumentedHttpClient;
import io.switchboard.replay.ODataService;
import io.switchboard.sessions.recordsource.ODataRecordSources;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests {@code --record-source}: an HTTP request creates a session whose template needs a record, with a secret, a
 * token and an OData service.
 */
class RecordSourceEndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path TEMPLATE =
            Path.of(System.getProperty("switchboard.root", "../..")).resolve("template.yaml");
    private static final String CASE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    @BeforeAll
    static void warm() {
        ODataService.warm(ODataRecordSources::of);
    }

    @TempDir
    @SuppressWarnings("NullAway.Init") // before each test
    private Path folder;

    @Test
    void title_and_tab_use_the_record_source_of_the_file() throws Exception {
        try (var service = new ODataService()) {
            service.answer(
                            "/incidents(" + CASE + ")?$select=title,ticketnumber",
                            Map.of("title", "Lift", "ticketnumber", "CAS-1"))
                    .answer("/accounts?$top=1", Map.of("value", List.of(Map.of("name", "Contoso"))));
            var file = Files.writeString(folder.resolve("records.json"), service.settings("records-end-to-end"));
            var settings = LocalServerSettings.of(TEMPLATE)
                    .withDynamoDb(EmbeddedDynamoDb.sharedEndpoint())
                    .withRecordSource(file);
            try (var server = LocalServer.start(settings);
                    var client = new DocumentedHttpClient(HttpClient.newHttpClient())) {
                var callers = new Callers(client, server.baseUri());
                String token = callers.token(
                        "user=alice&tenant=records-end-to-end&scope=Sessions.ReadWrite%20Templates.ReadWrite");
                post(callers, token, "/applicationTabTemplates", """
                        {"uniqueName":"contoso_find","name":"Find","pageType":"thirdPartyWebsite",
                         "title":"{$odata.account.name.?$top=1}",
                         "parameters":{"url":"https://example.test/find?q=","data":"{anchor.ticketnumber}"}}""");
                post(callers, token, "/sessionTemplates", """
                        {"uniqueName":"contoso_case","name":"Case","type":"entity","entity":"incident",
                         "communicationPanelMode":"hidden","title":"{anchor.title}","additionalTabs":["contoso_find"]}""");
                var session = post(callers, token, "/sessions", """
                        {"templateName":"contoso_case","sessionContext":{"parametersStr":
                         "[[\\"entityName\\",\\"incident\\"],[\\"entityId\\",\\"%s\\"]]"}}""".formatted(CASE));

                assertThat(session.path("title").asText()).isEqualTo("Lift");
                assertThat(session.path("tabs").path(1).path("title").asText()).isEqualTo("Contoso");
                assertThat(session.path("tabs").path(1).path("url").asText())
                        .isEqualTo("https://example.test/find?q=CAS-1");
                assertThat(session.path("warnings")).isEmpty();
                assertThat(service.requests()).hasSize(3).noneMatch(request -> request.equals("secret"));
            }
        }
    }

    private static JsonNode post(Callers callers, String token, String path, String body)
            throws IOException, InterruptedException {
        var response = callers.send(callers.to(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return JSON.readTree(response.body());
    }

    @Test
    void missing_record_source_file_is_reported() {
        var settings = LocalServerSettings.of(TEMPLATE)
                .withDynamoDb(EmbeddedDynamoDb.sharedEndpoint())
                .withRecordSource(folder.resolve("absent.json"));
        assertThatThrownBy(() -> LocalServer.start(settings))
                .isInstanceOf(LocalServerException.class)
                .hasMessageContaining("--record-source cannot be read");
    }

    @Test
    void secret_is_returned_only_to_signed_requests_for_it() throws Exception {
        var file = Files.writeString(folder.resolve("records.json"), "{\"tenants\":{}}");
        var settings = LocalServerSettings.of(TEMPLATE)
                .withDynamoDb(EmbeddedDynamoDb.sharedEndpoint())
                .withRecordSource(file);
        try (var server = LocalServer.start(settings);
                var client = HttpClient.newHttpClient()) {
            var callers = new Callers(client, server.baseUri());
            var right = "{\"SecretId\":\"" + LocalSecrets.ARN + "\"}";
            assertThat(request(callers, "secretsmanager.GetSecretValue", "AWS4-HMAC-SHA256 x", right))
                    .contains("200", "{\\\"tenants\\\":{}}");
            assertThat(request(callers, "secretsmanager.GetSecretValue", "Bearer x", right))
                    .contains("400", "MissingAuthenticationToken");
            assertThat(request(callers, "secretsmanager.ListSecrets", "AWS4-HMAC-SHA256 x", right))
                    .contains("400", "UnknownOperationException");
            assertThat(request(
                            callers, "secretsmanager.GetSecretValue", "AWS4-HMAC-SHA256 x", "{\"SecretId\":\"other\"}"))
                    .contains("400", "ResourceNotFoundException");
            assertThat(request(callers, "secretsmanager.GetSecretValue", "AWS4-HMAC-SHA256 x", "{"))
                    .contains("400", "InvalidRequestException");
        }
    }

    private static String request(Callers callers, String target, String authorization, String body)
            throws IOException, InterruptedException {
        var response = callers.send(callers.to(LocalSecrets.PATH)
                .header("X-Amz-Target", target)
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        return response.statusCode() + " " + response.body();
    }
}
