package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Tests complete flows over HTTP with the product's template, its handlers, DynamoDB Local and tokens. Every response
 * is checked against the OpenAPI document.
 */
class EndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CIF = """
            {"templateName":"CallSessionTemplate","templateParameters":{"customer":"Contoso"}}""";
    private static final String APM_WITHOUT_FOCUS = """
            {"templateName":"case_entity_session_default_template","isFocused":false,"sessionContext":\
            {"parametersStr":"[[\\"entityName\\", \\"incident\\"], [\\"entityId\\", \\"0e0e6c4f-cbb6-eb11-8236-000d3a5ab8b9\\"]]"}}""";

    private static final int RETRIES = 4;

    @RegisterExtension
    static final DocumentedServer SERVER = new DocumentedServer();

    @Test
    void thousand_mixed_requests_on_32_connections_succeed_and_lose_no_write() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        try (var threads = Executors.newFixedThreadPool(32)) {
            List<Future<Tally>> agents = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                String user = "agent-" + i;
                long own = seed + i;
                agents.add(threads.submit((Callable<Tally>) () -> work(user, new Random(own))));
            }
            int requests = 0;
            for (Future<Tally> agent : agents) {
                Tally tally = agent.get();
                requests += tally.requests;
                assertThat(tally.faults).isEmpty();
                assertThat(tally.read).isEqualTo(tally.acknowledged);
            }
            assertThat(requests).isGreaterThanOrEqualTo(1_000);
        }
    }

    @Test
    void compressed_bodies_work_in_both_directions_and_a_repeated_key_creates_one_session() throws Exception {
        String token = SERVER.token("user=compressed&scope=Sessions.ReadWrite");
        byte[] plain = CIF.getBytes(StandardCharsets.UTF_8);
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        }
        // Does not use the client that reads responses as text.
        try (var http = HttpClient.newHttpClient()) {
            var ids = new TreeSet<String>();
            for (boolean isCompressed : new boolean[] {true, false}) {
                var request = HttpRequest.newBuilder(SERVER.baseUri().resolve("/sessions"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "compressed")
                        .header("Accept-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(isCompressed ? compressed.toByteArray() : plain));
                if (isCompressed) {
                    request.header("Content-Encoding", "gzip");
                }
                var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(response.statusCode()).isEqualTo(201);
                assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
                try (var body = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
                    ids.add(JSON.readTree(body.readAllBytes()).path("sessionId").asText());
                }
            }
            assertThat(ids).hasSize(1);
        }
    }

    private static Tally work(String user, Random random) throws Exception {
        String token = SERVER.token("user=" + user + "&scope=Sessions.ReadWrite");
        Tally tally = new Tally();
        for (int i = 0; i < 32; i++) {
            HttpResponse<String> response =
                    switch (random.nextInt(8)) {
                        case 0, 1, 2 ->
                            send("POST", "/sessions", token, random.nextBoolean() ? CIF : APM_WITHOUT_FOCUS);
                        case 3 -> send("POST", "/sessions", token, "{\"templateName\":");
                        case 4 -> send("POST", "/sessions", token, "{\"templateName\":\"nowhere\"}");
                        case 5 -> send("GET", "/desk", token, "");
                        case 6 -> send("GET", "/sessions?status=open&$top=3", "forged." + token, "");
                        default ->
                            tally.acknowledged.isEmpty()
                                    ? send("GET", "/sessions", token, "")
                                    : send("POST", "/sessions/" + tally.someOpen(random) + "/close", token, "");
                    };
            tally.note(response);
        }
        String next = "/sessions?$top=5";
        while (!next.isEmpty()) {
            JsonNode page = JSON.readTree(send("GET", next, token, "").body());
            page.get("value")
                    .forEach(session -> tally.read.put(
                            session.get("sessionId").asText(),
                            session.get("status").asText()));
            next = page.path("@odata.nextLink")
                    .asText()
                    .replace(SERVER.baseUri().toString(), "");
        }
        return tally;
    }

    @Test
    void examples_of_both_specifications_return_201_and_can_be_read() throws Exception {
        String token = SERVER.token("user=examples&scope=Sessions.ReadWrite");
        JsonNode generic = created(send("POST", "/sessions", token, CIF));
        JsonNode record = created(send("POST", "/sessions", token, APM_WITHOUT_FOCUS));
        assertThat(generic.get("title").asText()).isEqualTo("Contoso");
        assertThat(record.get("tabs").get(0).get("parameters").get("entityId").asText())
                .isEqualTo("0e0e6c4f-cbb6-eb11-8236-000d3a5ab8b9");
        for (JsonNode session : List.of(generic, record)) {
            HttpResponse<String> found =
                    send("GET", "/sessions/" + session.get("sessionId").asText(), token, "");
            assertThat(JSON.readTree(found.body())).isEqualTo(session);
        }
        JsonNode desk = JSON.readTree(send("GET", "/desk", token, "").body());
        assertThat(desk.get("focusedSessionId")).isEqualTo(generic.get("sessionId"));
    }

    @Test
    void sessions_are_hidden_from_other_users_and_tenants() throws Exception {
        String owner = SERVER.token("user=owner&scope=Sessions.ReadWrite");
        String id =
                created(send("POST", "/sessions", owner, CIF)).get("sessionId").asText();
        for (String otherUser : List.of(
                SERVER.token("user=stranger&scope=Sessions.ReadWrite"),
                SERVER.token("user=owner&tenant=elsewhere&scope=Sessions.ReadWrite"))) {
            assertThat(send("GET", "/sessions/" + id, otherUser, "").statusCode())
                    .isEqualTo(404);
            assertThat(send("POST", "/sessions/" + id + "/close", otherUser, "").statusCode())
                    .isEqualTo(404);
            assertThat(send("GET", "/desk", otherUser, "").body()).doesNotContain(id);
            assertThat(send("GET", "/sessions", otherUser, "").body()).doesNotContain(id);
        }
        String backend = SERVER.token("provider=telephony&scope=Sessions.ReadWrite.All");
        assertThat(send("GET", "/users/owner/sessions/" + id, backend, "").statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/sessions/" + id, backend, "").statusCode()).isEqualTo(403);
    }

    private static JsonNode created(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return JSON.readTree(response.body());
    }

    /**
     * Sends a request, and repeats it with the same key while the database is unavailable, as the API documents: on an
     * overloaded machine, DynamoDB Local may not respond in time.
     */
    private static HttpResponse<String> send(String method, String path, String token, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(SERVER.baseUri() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json")
                    .header("Idempotency-Key", UUID.randomUUID().toString());
        }
        HttpResponse<String> response = SERVER.client().send(request.build(), HttpResponse.BodyHandlers.ofString());
        for (int retry = 0; retry < RETRIES && isUnavailable(response); retry++) {
            response = SERVER.client().send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
        return response;
    }

    private static boolean isUnavailable(HttpResponse<String> response) {
        return response.statusCode() == 503
                && response.headers().firstValue("Retry-After").isPresent();
    }

    /** The acknowledged and the final session ids of one agent, with their status. */
    private static final class Tally {
        private final Map<String, String> acknowledged = new TreeMap<>();
        private final Map<String, String> read = new TreeMap<>();
        private final List<String> faults = new ArrayList<>();
        private int requests;

        private void note(HttpResponse<String> response) throws Exception {
            requests++;
            boolean isSession = response.statusCode() < 300 && response.body().startsWith("{\"sessionId\"");
            if (isSession) {
                JsonNode session = JSON.readTree(response.body());
                acknowledged.put(
                        session.get("sessionId").asText(), session.get("status").asText());
            } else if (response.statusCode() >= 500 || response.statusCode() == 429) {
                faults.add(response.statusCode() + " " + response.body());
            }
        }

        private String someOpen(Random random) {
            List<String> ids = List.copyOf(acknowledged.keySet());
            return ids.get(random.nextInt(ids.size()));
        }
    }
}
