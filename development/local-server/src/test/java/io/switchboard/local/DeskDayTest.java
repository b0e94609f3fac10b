package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Runs a typical day at a desk over HTTP as an agent, as a provider and as a backend. Every response is checked against
 * the OpenAPI document.
 */
class DeskDayTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CALL = """
            {"templateName":"CallSessionTemplate","templateParameters":{"customer":"Contoso"}}""";
    private static final String CASE = """
            {"templateName":"case_entity_session_default_template","isFocused":false,"sessionContext":\
            {"parametersStr":"[[\\"entityName\\", \\"incident\\"], [\\"entityId\\", \\"0e0e6c4f-cbb6-eb11-8236-000d3a5ab8b9\\"]]"}}""";

    @RegisterExtension
    static final DocumentedServer SERVER = new DocumentedServer();

    /** A caller and the base path of its sessions. */
    private record Caller(String base, String token) {
        JsonNode call(int status, String method, String path, String body, String... headers) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(SERVER.baseUri() + base + path))
                    .timeout(Duration.ofSeconds(60))
                    .header("Authorization", "Bearer " + token);
            if (!body.isEmpty()) {
                request.header("Content-Type", "application/json");
            }
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            HttpResponse<String> response = SERVER.client()
                    .send(
                            request.method(method, HttpRequest.BodyPublishers.ofString(body))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode())
                    .as("%s %s: %s", method, path, response.body())
                    .isEqualTo(status);
            return JSON.readTree(response.body());
        }

        JsonNode get(String path) throws Exception {
            return call(200, "GET", path, "");
        }

        JsonNode post(int status, String path, String body) throws Exception {
            return call(status, "POST", path, body);
        }

        String created(String body) throws Exception {
            return post(201, "/sessions", body).get("sessionId").asText();
        }

        List<String> texts(String path, String array, String member) throws Exception {
            List<String> texts = new ArrayList<>();
            get(path).get(array).forEach(one -> texts.add(one.get(member).asText()));
            return texts;
        }
    }

    @Test
    void agent_completes_a_day() throws Exception {
        day(new Caller("", SERVER.token("user=alice-" + UUID.randomUUID() + "&scope=Sessions.ReadWrite")));
    }

    @Test
    void provider_completes_the_same_day() throws Exception {
        day(new Caller(
                "",
                SERVER.token("user=alice-" + UUID.randomUUID() + "&provider=cti&scope=Sessions.ReadWrite.Provider")));
    }

    @Test
    void backend_completes_the_same_day_for_a_user() throws Exception {
        day(new Caller(
                "/users/alice-" + UUID.randomUUID(), SERVER.token("provider=telephony&scope=Sessions.ReadWrite.All")));
    }

    private static void day(Caller agent) throws Exception {
        String colleague = "bob-" + UUID.randomUUID();
        Caller bob = new Caller("", SERVER.token("user=" + colleague + "&provider=cti&scope=Sessions.ReadWrite"));
        assertThat(agent.get("/desk").get("canCreateSession").asBoolean()).isTrue();

        // A call arrives, and a case is opened in the background.
        String call = agent.created(CALL);
        String incident = agent.created(CASE);
        assertThat(agent.texts("/desk", "sessions", "sessionId"))
                .startsWith("home")
                .contains(call, incident);
        assertThat(agent.get("/desk").get("focusedSessionId").asText()).isEqualTo(call);

        tabs(agent, "/sessions/" + call);

        // The case gets a badge and a marker.
        String path = "/sessions/" + incident;
        agent.call(200, "PATCH", path, "{\"activityCount\":2,\"kpiBreach\":\"late\",\"conversationId\":\"c-1\"}");
        assertThat(agent.post(200, path + "/requestFocus", "")
                        .get("focusRequested")
                        .asBoolean())
                .isTrue();
        JsonNode focused = agent.post(200, path + "/focus", "");
        assertThat(focused.get("focusRequested").asBoolean()).isFalse();
        assertThat(focused.get("activityCount").asInt()).isZero();
        assertThat(focused.get("kpiBreach").asText()).isEqualTo("late");
        agent.post(200, "/sessions/home/focus", "");
        assertThat(agent.get("/desk").get("focusedSessionId").asText()).isEqualTo("home");

        context(agent, "/sessions/" + call);

        // The case is offered to Bob, who accepts it; the call is closed, reopened and deleted.
        JsonNode handed = agent.post(200, path + "/handOver", "{\"userId\":\"" + colleague + "\"}");
        assertThat(agent.get(path).get("handOver")).isEqualTo(handed.get("handOver"));
        String offer = handed.get("handOver").get("notificationId").asText();
        JsonNode moved =
                bob.post(200, "/notifications/" + offer + "/accept", "").get("session");
        JsonNode theirs = bob.get(path);
        assertThat(theirs.get("sessionId")).isEqualTo(handed.get("sessionId"));
        assertThat(theirs).isEqualTo(moved);
        // No user with this id had a desk before.
        assertThat(handed.get("warnings").findValuesAsText("code")).contains("unknownUser");
        assertThat(theirs.get("warnings").findValuesAsText("code")).doesNotContain("unknownUser");
        agent.call(404, "GET", path, "");
        agent.call(200, "PATCH", "/sessions/" + call, "{\"canClose\":false}");
        agent.post(409, "/sessions/" + call + "/close", "");
        agent.call(200, "PATCH", "/sessions/" + call, "{\"canClose\":true}");
        agent.post(200, "/sessions/" + call + "/close", "");
        agent.call(409, "PATCH", "/sessions/" + call, "{\"title\":\"Too late\"}");
        assertThat(agent.texts("/sessions?status=closed", "value", "sessionId")).containsExactly(call);
        agent.post(200, "/sessions/" + call + "/reopen", "");
        agent.call(204, "DELETE", "/sessions/" + call, "");
        agent.call(404, "DELETE", "/sessions/" + call, "");
        assertThat(agent.texts("/desk", "sessions", "sessionId")).containsExactly("home");

        limit(agent);
    }

    private static void tabs(Caller agent, String session) throws Exception {
        String open = """
                {"templateName":"msdyn_entityrecord","templateParameters":{"entityName":"account","entityId":"7"}}""";
        JsonNode tab = agent.call(201, "POST", session + "/tabs", open, "Idempotency-Key", "first");
        assertThat(agent.call(201, "POST", session + "/tabs", open, "Idempotency-Key", "first"))
                .isEqualTo(tab);
        agent.call(422, "POST", session + "/tabs", CALL.replace("CallSession", "Other"), "Idempotency-Key", "first");
        String one = session + "/tabs/" + tab.get("tabId").asText();
        String background = agent.post(
                        201, session + "/tabs", "{\"templateName\":\"msdyn_entityrecord\",\"isFocused\":false}")
                .get("tabId")
                .asText();
        assertThat(agent.texts(session + "/tabs?templateName=msdyn_entityrecord", "value", "tabId"))
                .containsExactly(tab.get("tabId").asText(), background);
        assertThat(agent.texts(session + "/tabs?$top=1", "value", "isAnchor")).containsExactly("true");
        assertThat(agent.get(one).get("isFocused").asBoolean()).isTrue();
        agent.call(200, "PATCH", one, "{\"title\":\"Account\",\"canClose\":false}");
        agent.call(409, "DELETE", one, "");
        agent.call(200, "PATCH", one, "{\"canClose\":true}");
        assertThat(agent.post(200, one + "/refresh", "").get("refreshCount").asInt())
                .isOne();
        agent.post(200, session + "/tabs/" + background + "/focus", "");
        agent.call(204, "DELETE", one, "");
        agent.call(404, "GET", one, "");
        String anchor = agent.get(session).get("anchorTabId").asText();
        agent.call(409, "DELETE", session + "/tabs/" + anchor, "");
        agent.call(412, "POST", session + "/tabs", open, "If-Match", "W/\"1\"");
        agent.post(422, session + "/tabs", "{\"templateName\":\"nowhere\"}");
        agent.post(400, session + "/tabs", "{}");
        for (int i = 2; i < 10; i++) {
            agent.post(201, session + "/tabs", open);
        }
        agent.post(409, session + "/tabs", open);
    }

    private static void context(Caller agent, String session) throws Exception {
        JsonNode patched =
                agent.call(200, "PATCH", session, "{\"context\":{\"caseTitle\":\"Invoice\",\"customer\":null}}");
        assertThat(patched.get("context").toString()).isEqualTo("{\"caseTitle\":\"Invoice\"}");
        JsonNode resolved = agent.post(200, session + "/resolveSlug", "{\"text\":\"{caseTitle}: {customer}\"}");
        assertThat(resolved.get("value").asText()).isEqualTo("Invoice: ");
        assertThat(resolved.get("warnings")).hasSize(1);
        JsonNode titled = agent.call(200, "PATCH", session, "{\"titleParameters\":{\"customer\":\"Fabrikam\"}}");
        assertThat(titled.get("title").asText()).isEqualTo("Fabrikam");
        agent.call(422, "PATCH", session, "{\"titleParameters\":{\"other\":\"x\"}}", "Prefer", "handling=strict");
        agent.call(400, "PATCH", session, "{\"title\":\"\",\"Context\":{}}");
        assertThat(agent.call(200, "PATCH", session, titled.toString())).isEqualTo(titled);
    }

    private static void limit(Caller agent) throws Exception {
        for (int i = 0; i < 10; i++) {
            agent.created(CALL);
        }
        assertThat(agent.get("/desk").get("canCreateSession").asBoolean()).isFalse();
        agent.post(409, "/sessions", CALL);
    }
}
