package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FaultyEndpoint;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.template.TemplateKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The number of requests to DynamoDB for each request ({@code docs/explanation/architecture.md}, "Budgets"), counted at
 * the network interface.
 */
class RoundTripsTest {
    private final FaultyEndpoint dynamoDb = new FaultyEndpoint(EmbeddedDynamoDb.sharedEndpoint());
    private final SessionFixture fixture = new SessionFixture("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url());

    @AfterEach
    void close() {
        dynamoDb.close();
    }

    private Map<String, Object> storedTemplate() {
        for (int i = 0; i < 3; i++) {
            fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, """
                    {"uniqueName":"contoso_tab_%d","name":"Tab","pageType":"control",
                     "parameters":{"controlName":"contoso_Control"}}""".formatted(i));
        }
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_call","name":"Call","type":"generic","title":"{customer}",
                 "communicationPanelMode":"docked","anchorTab":"contoso_tab_0",
                 "additionalTabs":["contoso_tab_1","msdyn_entityrecord","contoso_tab_2"]}""");
        dynamoDb.take();
        return Map.of("templateName", "contoso_call", "templateParameters", Map.of("customer", "Contoso"));
    }

    @Test
    void create_without_cached_templates_takes_three_reads_and_one_write() {
        Map<String, Object> body = storedTemplate();

        fixture.create(body).is(201);

        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "Query", "BatchGetItem", "TransactWriteItems");
    }

    @Test
    void create_for_another_user_takes_one_read_if_the_tenant_has_profiles() {
        Map<String, Object> body = storedTemplate();
        fixture.create(body).is(201);
        dynamoDb.take();
        fixture.post(body).user("user 2").sendTo(fixture.create).is(201);
        assertThat(dynamoDb.take()).containsExactly("TransactWriteItems");

        SessionFixture other = new SessionFixture("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url());
        other.store(TemplateKind.APP_PROFILE, """
                {"uniqueName":"contoso_voice","name":"Voice","isDefault":true}""");
        Map<String, Object> chat = Map.of("templateName", "msdyn_chat_session");
        other.create(chat).is(201);
        dynamoDb.take();
        other.post(chat).user("user 2").sendTo(other.create).is(201);
        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
        other.post(chat).user("user 2").sendTo(other.create).is(201);
        assertThat(dynamoDb.take()).containsExactly("TransactWriteItems");
    }

    @Test
    void create_without_the_cache_reads_everything_once() {
        Map<String, Object> body = storedTemplate();
        fixture.store(TemplateKind.APP_PROFILE, """
                {"uniqueName":"contoso_voice","name":"Voice","isDefault":true}""");
        fixture.create(body).is(201);
        dynamoDb.take();

        fixture.post(body)
                .header("cache-control", "no-cache")
                .sendTo(fixture.create)
                .is(201);

        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "Query", "BatchGetItem", "TransactWriteItems");
    }

    @Test
    void create_by_channel_reads_the_profile_before_its_template() {
        storedTemplate();
        fixture.store(TemplateKind.APP_PROFILE, """
                {"uniqueName":"contoso_voice","name":"Voice","isDefault":true,
                 "defaultSessionTemplates":{"channels":{"voice":"contoso_call"}}}""");
        dynamoDb.take();

        fixture.create(Map.of("channel", "voice")).is(201);
        assertThat(dynamoDb.take())
                .containsExactly("Query", "BatchGetItem", "GetItem", "BatchGetItem", "TransactWriteItems");
        fixture.create(Map.of("channel", "voice")).is(201);
        assertThat(dynamoDb.take()).containsExactly("TransactWriteItems");
    }

    @Test
    void rejection_by_a_cached_profile_reads_it_again() {
        fixture.store(TemplateKind.APP_PROFILE, """
                {"uniqueName":"contoso_voice","name":"Voice","isDefault":true,"genericSessionTemplates":"listed"}""");
        dynamoDb.take();
        Map<String, Object> chat = Map.of("templateName", "msdyn_chat_session");

        fixture.create(chat).is(403);
        assertThat(dynamoDb.take()).containsExactly("Query", "BatchGetItem");
        fixture.create(chat).is(403);
        assertThat(dynamoDb.take()).containsExactly("Query", "BatchGetItem");
    }

    @Test
    void create_from_a_cached_template_takes_one_write_and_no_read() {
        Map<String, Object> body = storedTemplate();
        fixture.create(body).is(201);
        dynamoDb.take();

        fixture.create(body).is(201);
        fixture.post(body)
                .header("idempotency-key", "call 7")
                .sendTo(fixture.create)
                .is(201);

        assertThat(dynamoDb.take()).containsExactly("TransactWriteItems", "TransactWriteItems");
    }

    @Test
    void create_from_a_built_in_template_takes_one_write() {
        fixture.create(Map.of("templateName", "msdyn_chat_session")).is(201);
        // Reads whether the tenant has profiles.
        assertThat(dynamoDb.take()).containsExactly("Query", "TransactWriteItems");
        fixture.create(Map.of("templateName", "msdyn_chat_session")).is(201);
        assertThat(dynamoDb.take()).containsExactly("TransactWriteItems");
        // Reads the template because a stored one may replace the example.
        fixture.create(CALL).is(201);
        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
    }

    @Test
    void replay_takes_one_write_and_one_read() {
        Map<String, Object> body = storedTemplate();
        ApiEvent event = fixture.post(body).header("idempotency-key", "call 7");
        event.copy().sendTo(fixture.create).is(201);
        dynamoDb.take();

        assertThat(event.copy().sendTo(fixture.create).is(201).header("Idempotency-Replayed"))
                .isEqualTo("true");

        assertThat(dynamoDb.take()).containsExactly("TransactWriteItems", "GetItem");
    }

    @Test
    void invalid_request_takes_no_read_and_no_write() {
        fixture.create(Map.of("isFocused", "yes")).is(400);
        fixture.post(CALL).permissions("openid").sendTo(fixture.create).is(403);
        fixture.post(CALL).withoutClaims().sendTo(fixture.create).is(401);
        fixture.post(CALL)
                .header("content-type", "text/plain")
                .sendTo(fixture.create)
                .is(415);
        fixture.get("/nowhere").is(404);

        assertThat(dynamoDb.take()).isEmpty();
    }

    @Test
    void rejection_by_the_limit_takes_one_write() {
        SessionFixture one = new SessionFixture(
                fixture.tables.environment("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.url()), "SESSION_LIMIT", "1");
        one.create(Map.of("templateName", "msdyn_chat_session")).is(201);
        dynamoDb.take();

        one.create(Map.of("templateName", "msdyn_chat_session")).is(409);

        assertThat(dynamoDb.take()).containsExactly("TransactWriteItems");
    }

    @Test
    void get_of_a_session_takes_one_read() {
        String id = fixture.session();
        dynamoDb.take();

        fixture.get("/sessions/" + id).is(200);

        assertThat(dynamoDb.take()).containsExactly("BatchGetItem");
    }

    @Test
    void desk_takes_one_read() {
        fixture.get("/desk").is(200);
        assertThat(dynamoDb.take()).containsExactly("GetItem");
        fixture.session();
        fixture.session();
        dynamoDb.take();

        fixture.get("/desk").is(200);

        assertThat(dynamoDb.take()).containsExactly("GetItem");
    }

    @Test
    void close_takes_one_read_and_one_write_and_a_page_of_the_list_two_reads() {
        String id = fixture.session();
        dynamoDb.take();
        fixture.close(id).is(200);
        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
        fixture.get("/sessions").is(200);
        assertThat(dynamoDb.take()).containsExactly("GetItem", "Query");
    }

    @Test
    void every_change_of_a_session_takes_one_read_and_one_write() {
        fixture.session();
        String path = "/sessions/" + fixture.backgroundSession();
        String tab = path + "/tabs/"
                + fixture.act(path + "/tabs", Map.of("templateName", "msdyn_entityrecord"))
                        .text("tabId");
        dynamoDb.take();
        for (ApiEvent event : List.of(
                fixture.event("PATCH", path).body(Map.of("context", Map.of("a", 1), "titleParameters", Map.of("a", 2))),
                fixture.event("POST", path + "/requestFocus"),
                fixture.event("POST", path + "/focus"),
                fixture.event("POST", path + "/tabs").body(Map.of("templateName", "msdyn_entityrecord")),
                fixture.event("PATCH", tab).body(Map.of("title", "x")),
                fixture.event("POST", tab + "/focus"),
                fixture.event("POST", tab + "/refresh"),
                fixture.event("DELETE", tab))) {
            assertThat(event.sendTo(fixture.manage).status())
                    .as(event.toString())
                    .isBetween(200, 204);
            assertThat(dynamoDb.take()).as(event.toString()).containsExactly("BatchGetItem", "TransactWriteItems");
        }
        String closed = fixture.backgroundSession();
        fixture.close(closed);
        dynamoDb.take();
        fixture.act("/sessions/" + closed + "/reopen").is(200);
        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
        fixture.delete("/sessions/" + closed).is(204);
        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
        FunctionResponse offered =
                fixture.act(path + "/handOver", Map.of("userId", "bob")).is(200);
        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
        fixture.event("POST", "/notifications/" + offered.text("handOver.notificationId") + "/accept")
                .user("bob")
                .sendTo(fixture.manage)
                .is(200);
        // The offer names the session, so it is read first. The two reads after it are the app profile of the user.
        assertThat(dynamoDb.take())
                .containsExactly("BatchGetItem", "BatchGetItem", "Query", "BatchGetItem", "TransactWriteItems");
        fixture.act("/sessions/home/focus").is(200);
        assertThat(dynamoDb.take()).containsExactly("GetItem", "TransactWriteItems");
    }

    @Test
    void tab_of_a_stored_template_takes_one_more_read_unless_it_is_cached() {
        storedTemplate();
        String path = "/sessions/" + fixture.session() + "/tabs";
        Map<String, Object> body = Map.of("templateName", "contoso_tab_0");
        dynamoDb.take();

        fixture.act(path, body).is(201);
        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "BatchGetItem", "TransactWriteItems");
        ApiEvent keyed =
                fixture.event("POST", path).header("idempotency-key", "k").body(body);
        keyed.copy().sendTo(fixture.manage).is(201);
        assertThat(dynamoDb.take()).containsExactly("BatchGetItem", "TransactWriteItems");
        keyed.sendTo(fixture.manage).is(201);
        assertThat(dynamoDb.take()).containsExactly("BatchGetItem");
    }

    @Test
    void request_without_a_change_takes_one_read() {
        String path = "/sessions/" + fixture.session();
        String tab = path + "/tabs/" + fixture.get(path).text("anchorTabId");
        dynamoDb.take();
        for (ApiEvent event : List.of(
                fixture.event("GET", path + "/tabs"),
                fixture.event("GET", tab),
                fixture.event("POST", tab + "/focus"),
                fixture.event("PATCH", path).body(Map.of("canClose", true)),
                fixture.event("POST", path + "/requestFocus"),
                fixture.event("POST", path + "/reopen"),
                fixture.event("POST", path + "/resolveSlug").body(Map.of("text", "{customer}")))) {
            event.sendTo(fixture.manage).is(200);
            assertThat(dynamoDb.take()).as(event.toString()).containsExactly("BatchGetItem");
        }
        fixture.patch("/sessions/home", Map.of("title", "x")).is(409);
        fixture.patch(path, Map.of("title", "")).is(400);
        assertThat(dynamoDb.take()).isEmpty();
    }
}
