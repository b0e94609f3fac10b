package io.switchboard.acceptance.graph;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Replays recorded requests of {@code @microsoft/microsoft-graph-client} 3.0.7 for JavaScript
 * ({@code docs/domain/call-records.md}, "Requests of the SDKs"), byte by byte except for the host and the token. The
 * client has no model; it sends its caller's data unchanged.
 */
@ExtendWith(GraphApiExtension.class)
class JavaScriptClientTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RECORD = "/v1.0/communications/callRecords/e523d2ed-2966-4b6b-925b-754a88034cc5";

    /** A {@code Date} is serialized as milliseconds with {@code Z}. */
    private static final String SESSION = """
            {"callee":{"@odata.type":"#microsoft.graph.callRecords.serviceEndpoint","userAgent":{"@odata.type":\
            "#microsoft.graph.callRecords.serviceUserAgent","role":"mediaController"}},"caller":null,\
            "startDateTime":"2020-02-25T18:52:21.216Z","endDateTime":"2020-02-25T18:52:46Z","modalities":["audio"]}""";

    @SuppressWarnings("NullAway.Init") // before each test
    private GraphApi graph;

    @SuppressWarnings("NullAway.Init") // before each test
    private String token;

    @BeforeEach
    void connect(GraphApi api) {
        graph = api;
        token = api.writerToken();
    }

    private record ReceivedResponse(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }
    }

    @Test
    void session_is_created_and_read_with_characters_that_the_client_does_not_escape() throws Exception {
        ReceivedResponse created = sent("""
                POST /v1.0/communications/callRecords/e523d2ed-2966-4b6b-925b-754a88034cc5/sessions HTTP/1.1
                host: %s
                connection: keep-alive
                Prefer: return=minimal
                client-request-id: 11111111-1111-1111-1111-111111111111
                Content-Type: application/json
                Authorization: Bearer %s
                accept: */*
                accept-language: *
                sec-fetch-mode: cors
                user-agent: node
                accept-encoding: gzip, deflate
                content-length: 291

                """.formatted(graph.base().getAuthority(), token), SESSION);
        assertThat(created.status()).isEqualTo(204);
        assertThat(created.body()).isEmpty();
        assertThat(created.headers())
                .containsEntry("client-request-id", "11111111-1111-1111-1111-111111111111")
                .containsEntry("preference-applied", "return=minimal");
        String path =
                created.header("location").substring(graph.base().toString().length());
        JsonNode session = read(path).json();
        assertThat(session.get("startDateTime").asText()).isEqualTo("2020-02-25T18:52:21.216Z");
        assertThat(session.get("endDateTime").asText()).isEqualTo("2020-02-25T18:52:46Z");
        assertThat(session.at("/callee/userAgent/role").asText()).isEqualTo("mediaController");
        assertThat(session.get("caller").isNull()).isTrue();

        JsonNode record = read(RECORD + "?$expand=sessions($expand=segments)").json();
        assertThat(record.get("sessions")).hasSize(1);
        assertThat(record.at("/sessions/0/id")).isEqualTo(session.get("id"));
        assertThat(record.at("/sessions/0/segments").isArray()).isTrue();
        JsonNode found =
                read("/v1.0/communications/callRecords?$filter=startDateTime%20ge%202020-02-25T00:00:00Z%20and%20"
                                + "startDateTime%20lt%202020-02-26T00:00:00Z")
                        .json();
        assertThat(found.get("value")).hasSize(1);
    }

    @Test
    void batch_accepts_the_version_and_path_written_by_the_client() throws Exception {
        String batch = JSON.writeValueAsString(JSON.createObjectNode()
                .set(
                        "requests",
                        JSON.createArrayNode()
                                .add(JSON.createObjectNode()
                                        .put("id", "1")
                                        .put("method", "POST")
                                        .put("url", RECORD.replace("e523", "e524") + "/sessions")
                                        .<ObjectNode>set(
                                                "headers",
                                                JSON.createObjectNode().put("content-type", "application/json"))
                                        .set("body", JSON.readTree(SESSION)))
                                .add(JSON.createObjectNode()
                                        .put("id", "2")
                                        .put("method", "GET")
                                        .put(
                                                "url",
                                                RECORD.replace("e523", "e524") + "?$expand=sessions($expand=segments)")
                                        .set("dependsOn", JSON.createArrayNode().add("1")))));
        JsonNode responses = sent(
                        """
                        POST /v1.0/$batch HTTP/1.1
                        host: %s
                        Content-Type: application/json
                        Authorization: Bearer %s
                        accept: */*
                        content-length: %d

                        """.formatted(graph.base().getAuthority(), token, batch.getBytes(UTF_8).length), batch)
                .json()
                .get("responses");
        assertThat(responses.findValuesAsText("status")).containsExactly("201", "200");
        assertThat(responses.at("/1/body/sessions")).hasSize(1);
    }

    private ReceivedResponse read(String path) throws IOException {
        return sent("""
                GET %s HTTP/1.1
                host: %s
                connection: keep-alive
                client-request-id: 11111111-1111-1111-1111-111111111111
                Authorization: Bearer %s
                accept: */*
                accept-language: *
                sec-fetch-mode: cors
                user-agent: node
                accept-encoding: gzip, deflate

                """.formatted(path, graph.base().getAuthority(), token), "");
    }

    /** Sends exactly these bytes and reads one response. */
    private ReceivedResponse sent(String head, String body) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), graph.base().getPort())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(head.replace("\n", "\r\n").getBytes(ISO_8859_1));
            socket.getOutputStream().write(body.getBytes(UTF_8));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            int status = Integer.parseInt(line(in).split(" ", -1)[1]);
            Map<String, String> headers = new LinkedHashMap<>();
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                int colon = header.indexOf(':');
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            return new ReceivedResponse(status, headers, new String(in.readNBytes(length), UTF_8));
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
