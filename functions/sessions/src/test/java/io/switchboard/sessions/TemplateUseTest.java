package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.Answer;
import io.switchboard.replay.ApiEvent;
import io.switchboard.template.TemplateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Stored templates as creates use them: which may be used, and when a change shows. */
class TemplateUseTest {
    private static final String TAB = """
            {"uniqueName":"contoso_search","name":"Web search","title":"{customer}","pageType":"thirdPartyWebsite",
             "parameters":{"url":"https://example.com/?q=","data":"{customer}"}}""";

    private final SessionFixture fixture = new SessionFixture();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    /** A function whose clock this test moves, and which remembers templates for so long. */
    private CreateSession function(Duration cacheAge) {
        return fixture.function(cacheAge, now::get);
    }

    private static String template(String title, String more) {
        return """
                {"uniqueName":"contoso_call","name":"Call","type":"generic","title":"%s",
                 "communicationPanelMode":"docked","anchorTab":"msdyn_omnichannel_kbsearch"%s}""".formatted(title, more);
    }

    private void store(String title, String more) {
        fixture.store(TemplateKind.SESSION_TEMPLATE, template(title, more));
    }

    private void replace(String title, String more) {
        fixture.replace(TemplateKind.SESSION_TEMPLATE, template(title, more));
    }

    private ApiEvent call() {
        return fixture.post(
                Map.of("templateName", "contoso_call", "templateParameters", Map.of("customer", "Contoso & Co")));
    }

    @Test
    void inactive_template_cannot_be_used() {
        store("{customer}", ",\"status\":\"inactive\"");
        var before = fixture.tables.items();

        call().sendTo(fixture.create).isError(422, "templateInactive");

        assertThat(fixture.tables.items()).isEqualTo(before);
    }

    @Test
    void inactive_anchor_tab_cannot_be_used_and_an_inactive_further_tab_is_left_out() {
        fixture.store(
                TemplateKind.APPLICATION_TAB_TEMPLATE, TAB.replace("\"name\"", "\"status\":\"inactive\",\"name\""));
        store("{customer}", ",\"additionalTabs\":[\"contoso_search\"]");

        Answer answer = call().sendTo(fixture.create).is(201);
        assertThat(answer.each("tabs", "templateName")).containsExactly("msdyn_omnichannel_kbsearch");
        assertThat(answer.each("warnings", "code")).containsExactly("templateInactive");

        fixture.replace(
                TemplateKind.SESSION_TEMPLATE,
                template("{customer}", "").replace("msdyn_omnichannel_kbsearch", "contoso_search"));
        call().header("cache-control", "no-cache").sendTo(fixture.create).isError(422, "templateInactive");
    }

    @Test
    void template_tag_must_be_one_the_template_carries() {
        store("{customer}", ",\"tags\":[\"voice\",\"de\"]");
        Map<String, Object> body = Map.of("templateName", "contoso_call", "templateTag", "de");

        fixture.create(body).is(201);
        fixture.create(Map.of("templateName", "contoso_call", "templateTag", "DE"))
                .isError(422, "templateTagMismatch");
    }

    @Test
    void required_parameter_and_its_type_are_demanded_together() {
        store(
                "{customer}",
                ",\"parameterDefinitions\":[{\"name\":\"customer\",\"type\":\"string\",\"required\":true},"
                        + "{\"name\":\"attempts\",\"type\":\"number\",\"default\":1}]");

        fixture.create(Map.of("templateName", "contoso_call", "templateParameters", Map.of("attempts", "two")))
                .isInvalid(
                        "parameterRequired templateParameters.customer", "parameterType templateParameters.attempts");
        assertThat(call().sendTo(fixture.create).is(201).at("title")).isEqualTo("Contoso & Co");
    }

    @Test
    void website_tab_gets_its_url_with_the_value_encoded() {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, TAB);
        store("{customer}", ",\"additionalTabs\":[\"contoso_search\"]");

        Answer answer = call().sendTo(fixture.create).is(201);

        assertThat(answer.at("tabs[1].url")).isEqualTo("https://example.com/?q=Contoso%20%26%20Co");
        assertThat(answer.at("tabs[1].title")).isEqualTo("Contoso & Co");
        assertThat(answer.at("tabs[1].canClose")).isEqualTo(true);
        fixture.create(Map.of(
                        "templateName",
                        "contoso_call",
                        "templateParameters",
                        Map.of("contoso_search", Map.of("url", "https://evil.example/"))))
                .isInvalid("urlNotAllowed templateParameters.contoso_search.url");
    }

    @Test
    void stored_template_takes_the_place_of_the_shipped_example() {
        fixture.create(SessionFixture.CALL).is(201);
        fixture.store(
                TemplateKind.SESSION_TEMPLATE,
                template("Call of {customer}", "").replace("contoso_call", "CallSessionTemplate"));

        Answer answer = fixture.create(SessionFixture.CALL).is(201);

        assertThat(answer.at("title")).isEqualTo("Call of Contoso");
        assertThat(answer.at("templateVersion")).isEqualTo(1);
    }

    @Test
    void template_of_another_tenant_is_not_found() {
        store("{customer}", "");
        call().claim("tid", "fabrikam").sendTo(fixture.create).isError(422, "templateNotFound");
    }

    @Test
    void change_shows_once_what_is_remembered_is_too_old() {
        CreateSession function = function(Duration.ofSeconds(30));
        store("old", "");
        assertThat(call().sendTo(function).is(201).at("title")).isEqualTo("old");
        replace("new", "");

        now.updateAndGet(instant -> instant.plusMillis(29_999));
        assertThat(call().sendTo(function).is(201).at("title")).isEqualTo("old");
        now.updateAndGet(instant -> instant.plusMillis(1));
        Answer changed = call().sendTo(function).is(201);
        assertThat(changed.at("title")).isEqualTo("new");
        assertThat(changed.at("templateVersion")).isEqualTo(2);
    }

    @Test
    void change_shows_at_once_with_no_cache_and_is_then_remembered() {
        CreateSession function = function(Duration.ofSeconds(30));
        store("old", "");
        call().sendTo(function).is(201);
        replace("new", "");

        assertThat(call().header("cache-control", "max-age=0, No-Cache")
                        .sendTo(function)
                        .at("title"))
                .isEqualTo("new");
        assertThat(call().sendTo(function).at("title")).isEqualTo("new");
    }

    @Test
    void change_shows_at_once_where_nothing_is_remembered() {
        CreateSession function = new CreateSession(fixture.tables.environment("TEMPLATE_CACHE_SECONDS", "0"));
        store("old", "");
        assertThat(call().sendTo(function).at("title")).isEqualTo("old");
        replace("new", "");
        assertThat(call().sendTo(function).at("title")).isEqualTo("new");
    }

    @Test
    void change_of_a_tab_shows_once_it_is_too_old() {
        CreateSession function = function(Duration.ofSeconds(30));
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, TAB);
        store("{customer}", ",\"additionalTabs\":[\"contoso_search\"]");
        call().sendTo(function).is(201);
        fixture.replace(
                TemplateKind.APPLICATION_TAB_TEMPLATE, TAB.replace("\"{customer}\",\"pageType", "\"new\",\"pageType"));

        assertThat(call().sendTo(function).at("tabs[1].title")).isEqualTo("Contoso & Co");
        now.updateAndGet(instant -> instant.plusSeconds(30));
        assertThat(call().sendTo(function).at("tabs[1].title")).isEqualTo("new");
    }

    @Test
    void template_that_is_made_shows_at_once_since_no_miss_is_remembered() {
        CreateSession function = function(Duration.ofSeconds(30));
        call().sendTo(function).isError(422, "templateNotFound");
        store("new", "");
        call().sendTo(function).is(201);
    }

    @Test
    void restored_snapshot_remembers_nothing() throws Exception {
        CreateSession function = function(Duration.ofDays(1));
        store("old", "");
        call().sendTo(function).is(201);
        replace("new", "");

        function.afterRestore(org.crac.Core.getGlobalContext());

        assertThat(call().sendTo(function).at("title")).isEqualTo("new");
    }

    @Test
    void sessions_keep_their_copy_after_the_template_changed_and_was_deleted() {
        store("{customer}", "");
        Answer created = call().sendTo(fixture.create).is(201);
        String path = "/sessions/" + created.text("sessionId");
        replace("new", "");
        assertThat(fixture.get(path).json()).isEqualTo(created.json());
        fixture.delete(TemplateKind.SESSION_TEMPLATE, "contoso_call");
        assertThat(fixture.get(path).json()).isEqualTo(created.json());
        call().header("cache-control", "no-cache").sendTo(fixture.create).isError(422, "templateNotFound");
    }

    @Test
    void title_of_more_than_200_characters_is_cut_with_a_warning() {
        store("{customer}", "");
        Answer answer = fixture.create(Map.of(
                        "templateName", "contoso_call", "templateParameters", Map.of("customer", "c".repeat(201))))
                .is(201);
        assertThat(answer.text("title")).hasSize(200);
        assertThat(answer.each("warnings", "code")).containsExactly("textCut");
    }
}
