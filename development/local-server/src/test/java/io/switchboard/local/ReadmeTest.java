package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.local.openapi.DocumentedHttpClient;
import io.switchboard.replay.Readme;
import java.net.http.HttpClient;
import org.junit.jupiter.api.Test;

/** The README's commands and answers are those of the product. */
class ReadmeTest {
    private static final Readme README = Readme.read();

    @Test
    void the_first_block_runs_the_api_and_the_second_the_tests() {
        assertThat(README.blocks()).startsWith("mvn -Plocal compile\n", "mvn verify\n");
    }

    @Test
    void the_walk_through_answers_what_the_readme_shows() throws Exception {
        try (LocalServer server = server();
                DocumentedHttpClient client = new DocumentedHttpClient(HttpClient.newHttpClient())) {
            int requests = README.section("A walk-through").follow(client, server.baseUri(), true);
            assertThat(requests).as("requests of the walk-through").isGreaterThanOrEqualTo(8);
            assertThat(client.answers())
                    .as("answers held against the OpenAPI document, all but the token's")
                    .isEqualTo(requests - 1);
        }
    }

    @Test
    void an_event_is_sent_as_the_readme_shows() throws Exception {
        try (LocalServer server = server();
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(README.section("In containers").follow(client, server.baseUri(), true))
                    .as("requests to Lambda's Invoke")
                    .isEqualTo(1);
        }
    }

    private static LocalServer server() {
        return LocalServer.start(LocalServerSettings.of(README.root().resolve("template.yaml"))
                .withDynamoDb(EmbeddedDynamoDb.sharedEndpoint()));
    }
}
