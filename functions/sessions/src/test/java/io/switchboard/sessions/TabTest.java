package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Race;
import io.switchboard.template.TemplateKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tabs of a session: creating from templates, listing, focusing, refreshing, changing and closing. */
class TabTest {
    private static final String SEARCH = """
            {"uniqueName":"contoso_search","name":"Search","title":"{customer} {topic}","pageType":"thirdPartyWebsite",
             "tags":["web"],"parameters":{"url":"https://example.com/?q=","data":"{customer} {topic}"}}""";
    private static final Map<String, Object> RECORD = Map.of("templateName", "msdyn_entityrecord");

    private final SessionFixture fixture = new SessionFixture();
    private String session = "";
    private String tabs = "";

    @BeforeEach
    void open() {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, SEARCH);
        session = "/sessions/" + fixture.session();
        tabs = session + "/tabs";
    }

    private static Map<String, Object> search(Object parameters) {
        return Map.of("templateName", "contoso_search", "templateParameters", parameters);
    }

    private String opened(Object body) {
        return fixture.act(tabs, body).is(201).text("tabId");
    }

    private String anchor() {
        return fixture.get(session).text("anchorTabId");
    }

    @Test
    void tab_is_created_from_a_template_with_parameters_and_focused() {
        FunctionResponse tab =
                fixture.act(tabs, search(Map.of("topic", "Rechnung & Mahnung"))).is(201);

        assertThat(tab.json())
                .containsEntry("templateName", "contoso_search")
                .containsEntry("title", "Contoso Rechnung & Mahnung")
                .containsEntry("url", "https://example.com/?q=Contoso%20Rechnung%20%26%20Mahnung")
                .containsEntry("isAnchor", false)
                .containsEntry("isFocused", true)
                .containsEntry("refreshCount", 0)
                .containsEntry("warnings", List.of());
        String path = tabs + "/" + tab.text("tabId");
        assertThat(tab.header("Location")).isEqualTo("https://api.contoso.example" + path);
        assertThat(tab.header("ETag")).isEqualTo("W/\"2\"");
        FunctionResponse read = fixture.get(path).is(200);
        assertThat(read.header("ETag")).isEqualTo("W/\"2\"");
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(tab.json());
        shown.remove("warnings");
        assertThat(read.json()).isEqualTo(shown);
        assertThat(fixture.get(session).at("tabs[1]")).isEqualTo(read.json());
        assertThat(fixture.get(session).at("focusedTabId")).isEqualTo(tab.at("tabId"));
    }

    @Test
    void tab_can_be_created_in_the_background() {
        Map<String, Object> body = Map.of("templateName", "msdyn_entityrecord", "isFocused", false);
        assertThat(fixture.act(tabs, body).is(201).at("isFocused")).isEqualTo(false);
        assertThat(fixture.get(session).at("focusedTabId")).isEqualTo(anchor());
    }

    @Test
    void app_context_can_be_an_object_or_pairs_and_the_body_can_be_text() {
        Map<String, Object> context = Map.of("entityName", "account", "entityId", "7");
        FunctionResponse object = fixture.act(tabs, Map.of("templateName", "msdyn_entityrecord", "appContext", context))
                .is(201);
        FunctionResponse pairs = fixture.act(
                        tabs,
                        Map.of(
                                "templateName",
                                "msdyn_entityrecord",
                                "appContext",
                                List.of(List.of("entityName", "account"), List.of("entityId", "7"))))
                .is(201);
        FunctionResponse text = fixture.act(
                        tabs,
                        "{\"templateName\":\"msdyn_entityrecord\",\"appContext\":{\"entityName\":\"account\",\"entityId\":\"7\"}}")
                .is(201);
        for (FunctionResponse tab : List.of(object, pairs, text)) {
            assertThat(tab.at("parameters.entityName")).isEqualTo("account");
            assertThat(tab.at("parameters.entityId")).isEqualTo("7");
        }
    }

    @Test
    void tab_is_created_in_a_session_without_the_focus() {
        String background = fixture.backgroundSession();
        fixture.act("/sessions/" + background + "/tabs", RECORD).is(201);
        assertThat(fixture.get("/desk").at("focusedSessionId")).isEqualTo(session.substring("/sessions/".length()));
    }

    @Test
    void tabs_are_listed_by_template_and_by_tag_anchor_first() {
        String first = opened(search(Map.of("topic", "a")));
        String second = opened(search(Map.of("topic", "b")));
        String third = opened(RECORD);

        assertThat(listed("", "")).containsExactly(anchor(), first, second, third);
        assertThat(listed("templateName", "contoso_search")).containsExactly(first, second);
        assertThat(listed("tag", "web")).containsExactly(first, second);
        assertThat(listed("tag", "none")).isEmpty();
        assertThat(fixture.get(tabs).header("ETag")).isEqualTo("W/\"4\"");
        FunctionResponse page = fixture.event("GET", tabs)
                .query("$top", "3")
                .sendTo(fixture.manage)
                .is(200);
        assertThat(page.each("value", "tabId")).containsExactly(anchor(), first, second);
        assertThat(ApiEvent.follow(String.valueOf(page.json().get("@odata.nextLink")))
                        .user(fixture.user)
                        .claim("tid", fixture.tenant)
                        .sendTo(fixture.manage)
                        .is(200)
                        .each("value", "tabId"))
                .containsExactly(third);
        fixture.event("GET", tabs).query("Tag", "web").sendTo(fixture.manage).isInvalid("unknownQueryOption Tag");
    }

    private List<Object> listed(String filter, String value) {
        ApiEvent event = fixture.event("GET", tabs);
        return (filter.isEmpty() ? event : event.query(filter, value))
                .sendTo(fixture.manage)
                .is(200)
                .each("value", "tabId");
    }

    @Test
    void closing_a_tab_focuses_the_previous_one() {
        String first = opened(RECORD);
        String second = opened(RECORD);
        assertThat(fixture.get(session).at("focusedTabId")).isEqualTo(second);

        assertThat(fixture.act(tabs + "/" + first + "/focus").is(200).at("isFocused"))
                .isEqualTo(true);
        FunctionResponse refreshed =
                fixture.act(tabs + "/" + first + "/refresh").is(200);
        assertThat(refreshed.at("refreshCount")).isEqualTo(1);
        // A focused tab does not change.
        assertThat(fixture.act(tabs + "/" + first + "/focus").is(200).header("ETag"))
                .isEqualTo(refreshed.header("ETag"));
        assertThat(fixture.delete(tabs + "/" + first).is(204).body()).isEmpty();

        assertThat(fixture.get(session).at("focusedTabId")).isEqualTo(anchor());
        for (FunctionResponse gone : List.of(
                fixture.get(tabs + "/" + first),
                fixture.delete(tabs + "/" + first),
                fixture.act(tabs + "/" + first + "/focus"),
                fixture.act(tabs + "/" + first + "/refresh"),
                fixture.patch(tabs + "/" + first, Map.of("title", "x")))) {
            gone.isError(404, "notFound");
            assertThat(gone.text("error.message")).contains("GET " + tabs + " lists");
        }
    }

    @Test
    void title_of_a_tab_is_literal_and_closing_can_be_prevented() {
        String tab = tabs + "/" + opened(RECORD);
        FunctionResponse patched = fixture.patch(tab, Map.of("title", "{customer}", "canClose", false))
                .is(200);
        assertThat(patched.json()).containsEntry("title", "{customer}").containsEntry("canClose", false);
        fixture.delete(tab).isError(409, "tabNotClosable");
        // Sending back an unchanged tab is not a change.
        assertThat(fixture.patch(tab, fixture.get(tab).json()).is(200).header("ETag"))
                .isEqualTo(patched.header("ETag"));
        fixture.patch(tab, Map.of("canClose", true)).is(200);
        fixture.delete(tab).is(204);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"title\":null}', required title",
        "'{\"title\":\" \"}', required title",
        "'{\"canClose\":null}', required canClose",
        "'{\"canClose\":1}', wrongType canClose",
        "'{\"Title\":\"x\"}', unknownProperty Title",
        "'{\"color\":\"x\"}', unknownProperty color"
    })
    void invalid_member_of_a_tab_is_reported(String body, String violation) {
        fixture.event("PATCH", tabs + "/" + anchor())
                .text(body)
                .sendTo(fixture.manage)
                .isInvalid(violation);
    }

    @Test
    void anchor_tab_cannot_be_closed_but_its_title_can_change() {
        String anchor = tabs + "/" + anchor();
        fixture.delete(anchor).isError(409, "anchorTabNotClosable");
        fixture.patch(anchor, Map.of("canClose", true)).isError(409, "anchorTabNotClosable");
        assertThat(fixture.patch(anchor, Map.of("title", "First", "canClose", false))
                        .is(200)
                        .json())
                .containsEntry("title", "First")
                .containsEntry("canClose", false);
    }

    @Test
    void eleventh_tab_is_rejected_until_one_is_closed() {
        for (int i = 1; i < 10; i++) {
            assertThat(fixture.get(session).at("canCreateTab")).isEqualTo(true);
            opened(RECORD);
        }
        assertThat(fixture.get(session).at("canCreateTab")).isEqualTo(false);
        fixture.act(tabs, RECORD).isError(409, "tabLimitReached");
        fixture.delete(tabs + "/" + fixture.get(session).text("focusedTabId")).is(204);
        fixture.act(tabs, RECORD).is(201);
    }

    @Test
    void one_of_many_callers_gets_the_last_tab() {
        for (int i = 1; i < 9; i++) {
            opened(RECORD);
        }
        List<Integer> statuses = new ArrayList<>();
        for (FunctionResponse answer : Race.of(6, caller -> fixture.act(tabs, RECORD))) {
            statuses.add(answer.status());
        }
        assertThat(statuses).containsOnlyOnce(201).containsOnly(201, 409);
        assertThat(fixture.get(tabs).each("value", "tabId")).hasSize(10).doesNotHaveDuplicates();
    }

    @Test
    void violations_of_a_tab_request_are_reported_in_one_response() {
        fixture.act(
                        tabs,
                        Map.of(
                                "templateName",
                                " ",
                                "templateTag",
                                7,
                                "isFocused",
                                "yes",
                                "templateParameters",
                                Map.of("", 1, "list", List.of(), "contoso_search", Map.of("x", Map.of())),
                                "appContext",
                                List.of(List.of("a"), List.of("b", List.of())),
                                "correlationId",
                                "x",
                                "isfocused",
                                true,
                                "other",
                                1))
                .isInvalid(
                        "required templateName",
                        "wrongType templateTag",
                        "wrongType isFocused",
                        "bothForms appContext",
                        "invalidValue templateParameters",
                        "wrongType templateParameters.list",
                        "wrongType templateParameters.contoso_search.x",
                        "wrongType appContext[0]",
                        "wrongType appContext.b",
                        "unknownProperty isfocused",
                        "unknownProperty other");
        fixture.act(tabs).isInvalid("required");
    }

    @Test
    void template_must_exist_be_active_and_have_the_tag() {
        fixture.act(tabs, Map.of("templateName", "nowhere")).isError(422, "templateNotFound");
        fixture.act(tabs, Map.of("templateName", "Contoso_Search")).isError(422, "templateNotFound");
        fixture.act(tabs, Map.of("templateName", "漢".repeat(128))).isError(422, "templateNotFound");
        fixture.act(tabs, Map.of("templateName", "msdyn_chat_session")).isError(422, "templateNotFound");
        fixture.act(tabs, Map.of("templateName", "contoso_search", "templateTag", "web"))
                .is(201);
        fixture.act(tabs, Map.of("templateName", "contoso_search", "templateTag", "Web"))
                .isError(422, "templateTagMismatch");
        fixture.replace(
                TemplateKind.APPLICATION_TAB_TEMPLATE,
                SEARCH.replace("\"name\":\"Search\"", "\"name\":\"Search\",\"status\":\"inactive\""));
        fixture.event("POST", tabs)
                .header("cache-control", "no-cache")
                .body(search(Map.of()))
                .sendTo(fixture.manage)
                .isError(422, "templateInactive");
        // The session is checked first.
        fixture.act("/sessions/" + UUID.randomUUID() + "/tabs", Map.of("templateName", "nowhere"))
                .isError(404, "notFound");
    }

    @Test
    void url_of_a_caller_must_have_the_host_of_the_template() {
        fixture.act(tabs, search(Map.of("url", "https://evil.example/")))
                .isInvalid("urlNotAllowed templateParameters.url");
        assertThat(fixture.act(tabs, search(Map.of("url", "https://example.com/other?x=", "topic", "t")))
                        .is(201)
                        .text("url"))
                .startsWith("https://example.com/other?x=");
    }

    @Test
    void warnings_are_returned_and_stored_in_the_session() {
        FunctionResponse tab =
                fixture.act(tabs, Map.of("templateName", "contoso_search")).is(201);
        assertThat(tab.each("warnings", "target")).containsExactly("parameters.data", "title");
        assertThat(fixture.get(session).each("warnings", "target"))
                .contains("tabs[1].parameters.data", "tabs[1].title");
        var items = fixture.tables.items();
        FunctionResponse strict = fixture.event("POST", tabs)
                .header("prefer", "handling=strict")
                .body(Map.of("templateName", "contoso_search"))
                .sendTo(fixture.manage)
                .isError(422, "unresolvedSlug");
        assertThat(strict.header("Preference-Applied")).isEqualTo("handling=strict");
        assertThat(fixture.tables.items()).isEqualTo(items);
        assertThat(fixture.event("POST", tabs)
                        .header("prefer", "handling=strict")
                        .body(search(Map.of("topic", "t")))
                        .sendTo(fixture.manage)
                        .is(201)
                        .header("Preference-Applied"))
                .isEqualTo("handling=strict");
    }

    @Test
    void missing_parameter_of_the_page_is_a_warning_or_an_error_if_strict() {
        fixture.store(
                TemplateKind.APPLICATION_TAB_TEMPLATE,
                "{\"uniqueName\":\"contoso_find\",\"name\":\"Find\",\"title\":\"Find\",\"pageType\":\"search\",\"parameters\":{}}");
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_finding","name":"Finding","type":"generic","title":"Finding",
                 "communicationPanelMode":"docked","anchorTab":"contoso_find"}""");
        Map<String, Object> tab = Map.of("templateName", "contoso_find");
        Map<String, Object> created = Map.of("templateName", "contoso_finding");
        var items = fixture.tables.items();

        FunctionResponse strictTab = fixture.event("POST", tabs)
                .header("prefer", "handling=strict")
                .body(tab)
                .sendTo(fixture.manage)
                .isError(422, "parameterMissing");
        FunctionResponse strictSession = fixture.post(created)
                .header("prefer", "handling=strict")
                .sendTo(fixture.create)
                .isError(422, "parameterMissing");

        assertThat(strictTab.each("error.details", "target")).containsExactly("parameters.searchText");
        assertThat(strictSession.each("error.details", "target")).containsExactly("tabs[0].parameters.searchText");
        assertThat(fixture.tables.items()).isEqualTo(items);
        assertThat(fixture.act(tabs, tab).is(201).each("warnings", "code")).containsExactly("parameterMissing");
        assertThat(fixture.create(created).is(201).each("warnings", "code")).containsExactly("parameterMissing");
        fixture.event("POST", tabs)
                .header("prefer", "handling=strict")
                .body(Map.of("templateName", "contoso_find", "templateParameters", Map.of("searchText", "a")))
                .sendTo(fixture.manage)
                .is(201);
    }

    @Test
    void session_stores_the_last_hundred_warnings() {
        for (int i = 0; i < 60; i++) {
            String tab = fixture.act(tabs, Map.of("templateName", "contoso_search"))
                    .is(201)
                    .text("tabId");
            fixture.delete(tabs + "/" + tab).is(204);
        }
        assertThat(fixture.get(session).each("warnings", "code")).hasSize(100);
    }

    @Test
    void session_of_256_kibibytes_is_accepted() {
        fixture.patch(session, Map.of("context", Map.of("a", "漢".repeat(10_000))))
                .is(200);
        Map<String, Object> large = search(
                Map.of("data", "漢".repeat(2_048), "topic", "t", "url", "https://example.com/?" + "x".repeat(2_000)));
        List<Integer> statuses = new ArrayList<>();
        for (int i = 1; i < 10; i++) {
            statuses.add(fixture.act(tabs, large).status());
        }
        assertThat(statuses).startsWith(201).endsWith(400);
        fixture.act(tabs, large).isInvalid("sessionTooLarge");
        // A session that is too large for another tab is also too large for a long text.
        fixture.patch(session, Map.of("kpiBreach", "漢".repeat(2_000), "conversationId", "漢".repeat(200)));
        assertThat(fixture.get(session).is(200).body().length()).isLessThan(262_144);
    }

    @Test
    void provider_can_access_only_tabs_of_its_sessions() {
        String own = fixture.post(CALL)
                .permissions("Sessions.ReadWrite.Provider")
                .claim("azp", "connector")
                .sendTo(fixture.create)
                .is(201)
                .text("sessionId");
        String tab = "/" + anchor();
        for (ApiEvent event : List.of(
                fixture.event("GET", tabs),
                fixture.event("POST", tabs).body(RECORD),
                fixture.event("GET", tabs + tab),
                fixture.event("PATCH", tabs + tab).body(Map.of("title", "x")),
                fixture.event("POST", tabs + tab + "/focus"),
                fixture.event("POST", tabs + tab + "/refresh"),
                fixture.event("DELETE", tabs + tab))) {
            event.permissions("Sessions.ReadWrite.Provider")
                    .claim("azp", "connector")
                    .sendTo(fixture.manage)
                    .isError(404, "notFound");
        }
        fixture.event("POST", "/sessions/" + own + "/tabs")
                .permissions("Sessions.ReadWrite.Provider")
                .claim("azp", "connector")
                .body(RECORD)
                .sendTo(fixture.manage)
                .is(201);
    }

    private ApiEvent keyed(String key, Object body) {
        return fixture.event("POST", tabs).header("idempotency-key", key).body(body);
    }

    @Test
    void repeated_request_creates_no_second_tab() {
        FunctionResponse first = keyed("k", RECORD).sendTo(fixture.manage).is(201);
        assertThat(first.headers()).doesNotContainKey("Idempotency-Replayed");
        fixture.patch(tabs + "/" + first.text("tabId"), Map.of("title", "Changed"))
                .is(200);

        FunctionResponse again = keyed("k", RECORD).sendTo(fixture.manage).is(201);

        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.at("title")).isEqualTo("Changed");
        assertThat(fixture.get(tabs).each("value", "tabId")).hasSize(2);
        keyed("k", search(Map.of())).sendTo(fixture.manage).isError(422, "idempotencyKeyReused");
        keyed("k", Map.of("templateName", "nowhere")).sendTo(fixture.manage).isError(422, "idempotencyKeyReused");
        assertThat(keyed("K", RECORD).sendTo(fixture.manage).is(201).text("tabId"))
                .isNotEqualTo(first.text("tabId"));
    }

    @Test
    void replay_succeeds_at_the_limit_without_the_template_and_after_the_tab_was_closed() {
        Map<String, Object> body = search(Map.of("topic", "t"));
        String tab = keyed("k", body).sendTo(fixture.manage).is(201).text("tabId");
        for (int i = 2; i < 10; i++) {
            opened(RECORD);
        }
        fixture.delete(TemplateKind.APPLICATION_TAB_TEMPLATE, "contoso_search");
        ApiEvent repeat = keyed("k", body).header("cache-control", "no-cache");
        assertThat(repeat.copy().sendTo(fixture.manage).is(201).text("tabId")).isEqualTo(tab);

        fixture.delete(tabs + "/" + tab).is(204);
        assertThat(repeat.copy().sendTo(fixture.manage).is(201).at("tabId")).isEqualTo(tab);
        fixture.get(tabs + "/" + tab).isError(404, "notFound");
        keyed("k", RECORD).sendTo(fixture.manage).isError(422, "idempotencyKeyReused");

        // With a precondition that the first request has invalidated, and after the session was closed.
        FunctionResponse conditional = repeat.copy()
                .header("if-match", "W/\"1\"")
                .sendTo(fixture.manage)
                .is(201);
        assertThat(conditional.header("Idempotency-Replayed")).isEqualTo("true");
        fixture.close(session.substring("/sessions/".length())).is(200);
        assertThat(repeat.copy().sendTo(fixture.manage).is(201).at("tabId")).isEqualTo(tab);
        keyed("k", RECORD).sendTo(fixture.manage).isError(422, "idempotencyKeyReused");
        keyed("other", RECORD).sendTo(fixture.manage).isError(409, "sessionClosed");
    }

    @Test
    void same_key_in_another_session_is_independent() {
        String tab = keyed("k", RECORD).sendTo(fixture.manage).is(201).text("tabId");
        FunctionResponse elsewhere = fixture.event("POST", "/sessions/" + fixture.session() + "/tabs")
                .header("idempotency-key", "k")
                .body(RECORD)
                .sendTo(fixture.manage)
                .is(201);
        assertThat(elsewhere.text("tabId")).isNotEqualTo(tab);
        keyed("k", RECORD).claim("azp", "another").sendTo(fixture.manage).isError(422, "idempotencyKeyReused");
        ApiEvent backend = ApiEvent.of("POST", "/users/" + fixture.user + tabs)
                .backend("Sessions.ReadWrite.All")
                .claim("tid", fixture.tenant)
                .header("idempotency-key", "k")
                .body(RECORD);
        FunctionResponse backends = backend.sendTo(fixture.manage).is(201);
        assertThat(backends.text("tabId")).isNotEqualTo(tab);
        assertThat(backends.header("Location"))
                .isEqualTo("https://api.contoso.example/users/" + fixture.user + tabs + "/" + backends.text("tabId"));
    }

    @Test
    void concurrent_callers_with_one_key_create_one_tab() {
        Set<Object> ids = new HashSet<>();
        int replays = 0;
        for (FunctionResponse answer : Race.of(16, caller -> keyed("k", RECORD).sendTo(fixture.manage))) {
            ids.add(answer.is(201).text("tabId"));
            replays += answer.headers().containsKey("Idempotency-Replayed") ? 1 : 0;
        }
        assertThat(ids).hasSize(1);
        assertThat(replays).isBetween(15, 16);
        assertThat(fixture.get(tabs).each("value", "tabId")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"PATCH, ''", "DELETE, ''", "POST, /focus", "POST, /refresh"})
    void if_match_of_a_tab_is_the_version_of_its_session(String method, String below) {
        ApiEvent event = fixture.event(method, tabs + "/" + opened(RECORD) + below);
        if (method.equals("PATCH")) {
            event.body(Map.of("title", "x"));
        }
        event.copy().header("if-match", "W/\"1\"").sendTo(fixture.manage).isError(412, "preconditionFailed");
        assertThat(event.header("if-match", "W/\"2\"").sendTo(fixture.manage).status())
                .isBetween(200, 204);
    }
}
