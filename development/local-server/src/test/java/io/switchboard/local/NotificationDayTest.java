package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.switchboard.runtime.Await;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Runs notifications over HTTP, with the streams, queues and functions of the template. Every response is checked
 * against the OpenAPI document.
 */
class NotificationDayTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final String OFFER = """
            {"templateName":"msdyn_voice_incoming_authenticated","templateParameters":{"customerName":"Ada"},\
            "conversationId":"c-1","cancellationToken":"t-1","session":{"templateName":"CallSessionTemplate",\
            "templateParameters":{"customer":"Ada"}},%s}""";

    @RegisterExtension
    static final DocumentedServer SERVER = new DocumentedServer();

    private final String ann = "ann-" + UUID.randomUUID();
    private final String eve = "eve-" + UUID.randomUUID();

    private static JsonNode call(String token, int status, String method, String path, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(SERVER.baseUri() + path))
                .timeout(LONGEST)
                .header("Authorization", "Bearer " + token);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> response = SERVER.client()
                .send(
                        request.method(method, HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode())
                .as("%s %s: %s", method, path, response.body())
                .isEqualTo(status);
        return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }

    private static String router() throws Exception {
        return SERVER.token("provider=router&scope=Sessions.ReadWrite.All");
    }

    private static String agent(String user) throws Exception {
        return SERVER.token("user=" + user + "&scope=Sessions.ReadWrite");
    }

    private static String offered(String router, String members) throws Exception {
        return call(router, 201, "POST", "/notifications", OFFER.formatted(members))
                .get("notificationId")
                .asText();
    }

    @Test
    void router_offers_and_agents_answer() throws Exception {
        String router = router();
        String annToken = agent(ann);
        String eveToken = agent(eve);
        String users = "\"userIds\":[\"" + ann + "\",\"" + eve + "\"]";
        String accepted = offered(router, users);
        String rejected = offered(router, users);
        String cancelled = offered(router, users);

        JsonNode desk = call(annToken, 200, "GET", "/desk", "");
        assertThat(desk.get("notifications")).hasSize(3);
        JsonNode session = call(annToken, 200, "POST", "/notifications/" + accepted + "/accept", "")
                .get("session");
        assertThat(session.get("conversationId").asText()).isEqualTo("c-1");
        call(eveToken, 409, "POST", "/notifications/" + accepted + "/accept", "");
        call(annToken, 200, "POST", "/notifications/" + rejected + "/reject", "{\"reason\":\"busy\"}");
        call(router, 200, "POST", "/users/" + eve + "/notifications/" + rejected + "/reject", "");
        call(annToken, 404, "DELETE", "/notifications/" + cancelled, "");
        call(router, 204, "DELETE", "/notifications/" + cancelled, "");
        call(router, 204, "DELETE", "/notifications?cancellationToken=t-1", "");

        assertThat(call(annToken, 200, "GET", "/desk", "").get("notifications")).isEmpty();
        assertThat(call(router, 200, "GET", "/notifications/" + rejected, "")
                        .get("targets")
                        .get(0)
                        .get("reason")
                        .asText())
                .isEqualTo("busy");
        assertThat(call(router, 200, "GET", "/notifications?state=cancelled&$top=1", "")
                        .get("value"))
                .hasSize(1);
        call(annToken, 200, "GET", "/notifications/" + accepted, "");
    }

    /** The timer goes from the stream through the queue to the function that asks the next user. */
    @Test
    void next_user_sees_the_notification_after_the_time_of_the_first() throws Exception {
        String eveToken = agent(eve);
        String id = offered(
                router(),
                "\"userIds\":[\"" + ann + "\"],\"expiresInSeconds\":1,\"onTimeout\":{\"userIds\":[\"" + eve + "\"]}");

        Await.until(
                LONGEST,
                "the notification on the next desk",
                () -> call(eveToken, 200, "GET", "/desk", "")
                                .get("notifications")
                                .size()
                        == 1);

        JsonNode notification =
                call(eveToken, 200, "GET", "/desk", "").get("notifications").get(0);
        assertThat(notification.get("notificationId").asText()).isEqualTo(id);
        assertThat(notification.get("attempt").asInt()).isEqualTo(2);
        assertThat(notification.get("state").asText()).isEqualTo("displayed");
        call(agent(ann), 409, "POST", "/notifications/" + id + "/accept", "");
        call(eveToken, 200, "POST", "/notifications/" + id + "/accept", "");
    }

    /** The function that reads the stream accepts, so it must have the tables, the templates and the limits. */
    @Test
    void notification_that_waits_is_accepted_automatically_when_its_turn_comes() throws Exception {
        String router = router();
        String template = "auto_" + UUID.randomUUID().toString().replace('-', '_');
        call(SERVER.token("scope=Templates.ReadWrite"), 201, "POST", "/notificationTemplates", """
                {"uniqueName":"%s","name":"Auto","title":"Auto","autoAccept":true}""".formatted(template));
        String users = "\"userIds\":[\"" + ann + "\"]";
        String first = offered(router, users);
        String second = call(
                        router,
                        201,
                        "POST",
                        "/notifications",
                        OFFER.formatted(users).replace("msdyn_voice_incoming_authenticated", template))
                .get("notificationId")
                .asText();

        call(agent(ann), 200, "POST", "/notifications/" + first + "/reject", "");

        Await.until(
                LONGEST,
                "the automatic accept",
                () -> call(router, 200, "GET", "/notifications/" + second, "")
                        .get("state")
                        .asText()
                        .equals("accepted"));
        assertThat(call(agent(ann), 200, "GET", "/desk", "").get("openSessions").asInt())
                .isEqualTo(1);
    }
}
