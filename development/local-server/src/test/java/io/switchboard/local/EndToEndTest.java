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
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Whole flows over HTTP: the product's template, its packed handlers' classes, DynamoDB Local, tokens. Every answer is held against
 * the OpenAPI document.
 */
class EndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CIF = """
            {"templateName":"CallSessionTemplate","templateParameters":{"customer":"Contoso"}}""";
    private static final String APM_WITHOUT_FOCUS = """
            {"templateName":"case_entity_session_default_template","isFocused":false,"sessionContext":\
            {"parametersStr":"[[\\"entityName\\", \\"incident\\"], [\\"entityId\\", \\"0e0e6c4f-cbb6-eb11-8236-000d3a5ab8b9\\"]]"}}""";

    @RegisterExtension
    static final DocumentedServer SERVER = new DocumentedServer();

    @Test
    void a_thousand_mixed_requests_from_32_connections_meet_no_fault_and_lose_no_write() throws Exception {
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
    void compressed_bodies_go_through_both_ways_and_one_key_makes_one_session() throws Exception {
        String token = SERVER.token("user=compressed&scope=Sessions.ReadWrite");
        byte[] plain = CIF.getBytes(StandardCharsets.UTF_8);
        var compressed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        }
        // Not through the client that reads answers as text.
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
                var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(answer.statusCode()).isEqualTo(201);
                assertThat(answer.headers().firstValue("content-encoding")).contains("gzip");
                try (var body = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
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
            HttpResponse<String> answer =
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
            tally.note(answer);
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
    void both_specifications_examples_answer_201_and_are_found_again() throws Exception {
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
    void nobody_sees_another_users_or_tenants_session() throws Exception {
        String owner = SERVER.token("user=owner&scope=Sessions.ReadWrite");
        String id =
                created(send("POST", "/sessions", owner, CIF)).get("sessionId").asText();
        for (String stranger : List.of(
                SERVER.token("user=stranger&scope=Sessions.ReadWrite"),
                SERVER.token("user=owner&tenant=elsewhere&scope=Sessions.ReadWrite"))) {
            assertThat(send("GET", "/sessions/" + id, stranger, "").statusCode())
                    .isEqualTo(404);
            assertThat(send("POST", "/sessions/" + id + "/close", stranger, "").statusCode())
                    .isEqualTo(404);
            assertThat(send("GET", "/desk", stranger, "").body()).doesNotContain(id);
            assertThat(send("GET", "/sessions", stranger, "").body()).doesNotContain(id);
        }
        String backend = SERVER.token("provider=telephony&scope=Sessions.ReadWrite.All");
        assertThat(send("GET", "/users/owner/sessions/" + id, backend, "").statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/sessions/" + id, backend, "").statusCode()).isEqualTo(403);
    }

    private static JsonNode created(HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> send(String method, String path, String token, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(SERVER.baseUri() + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return SERVER.client()
                .send(
                        request.method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** What one agent was told, and what it found in the end: session ids with their status. */
    private static final class Tally {
        private final Map<String, String> acknowledged = new TreeMap<>();
        private final Map<String, String> read = new TreeMap<>();
        private final List<String> faults = new ArrayList<>();
        private int requests;

        private void note(HttpResponse<String> answer) throws Exception {
            requests++;
            boolean isSession = answer.statusCode() < 300 && answer.body().startsWith("{\"sessionId\"");
            if (isSession) {
                JsonNode session = JSON.readTree(answer.body());
                acknowledged.put(
                        session.get("sessionId").asText(), session.get("status").asText());
            } else if (answer.statusCode() >= 500 || answer.statusCode() == 429) {
                faults.add(answer.statusCode() + " " + answer.body());
            }
        }

        private String someOpen(Random random) {
            List<String> ids = List.copyOf(acknowledged.keySet());
            return ids.get(random.nextInt(ids.size()));
        }
    }
}
