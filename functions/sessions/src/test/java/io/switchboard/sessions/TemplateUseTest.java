package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.template.TemplateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The use of stored templates by creates: valid templates, and the time when a change applies. */
class TemplateUseTest {
    private static final String TAB = """
            {"uniqueName":"contoso_search","name":"Web search","title":"{customer}","pageType":"thirdPartyWebsite",
             "parameters":{"url":"https://example.com/?q=","data":"{customer}"}}""";

    private final SessionFixture fixture = new SessionFixture();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    /** Returns a function with a clock of this test and this cache time of templates. */
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
    void inactive_anchor_tab_is_rejected_and_an_inactive_additional_tab_is_omitted() {
        fixture.store(
                TemplateKind.APPLICATION_TAB_TEMPLATE, TAB.replace("\"name\"", "\"status\":\"inactive\",\"name\""));
        store("{customer}", ",\"additionalTabs\":[\"contoso_search\"]");

        FunctionResponse answer = call().sendTo(fixture.create).is(201);
        assertThat(answer.each("tabs", "templateName")).containsExactly("msdyn_omnichannel_kbsearch");
        assertThat(answer.each("warnings", "code")).containsExactly("templateInactive");

        fixture.replace(
                TemplateKind.SESSION_TEMPLATE,
                template("{customer}", "").replace("msdyn_omnichannel_kbsearch", "contoso_search"));
        call().header("cache-control", "no-cache").sendTo(fixture.create).isError(422, "templateInactive");
    }

    @Test
    void template_must_have_the_requested_tag() {
        store("{customer}", ",\"tags\":[\"voice\",\"de\"]");
        Map<String, Object> body = Map.of("templateName", "contoso_call", "templateTag", "de");

        fixture.create(body).is(201);
        fixture.create(Map.of("templateName", "contoso_call", "templateTag", "DE"))
                .isError(422, "templateTagMismatch");
    }

    @Test
    void missing_parameter_and_wrong_type_are_reported_together() {
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
    void website_tab_has_a_url_with_the_encoded_value() {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, TAB);
        store("{customer}", ",\"additionalTabs\":[\"contoso_search\"]");

        FunctionResponse answer = call().sendTo(fixture.create).is(201);

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
    void stored_template_replaces_the_built_in_example() {
        fixture.create(SessionFixture.CALL).is(201);
        fixture.store(
                TemplateKind.SESSION_TEMPLATE,
                template("Call of {customer}", "").replace("contoso_call", "CallSessionTemplate"));

        FunctionResponse answer = fixture.create(SessionFixture.CALL).is(201);

        assertThat(answer.at("title")).isEqualTo("Call of Contoso");
        assertThat(answer.at("templateVersion")).isEqualTo(1);
    }

    @Test
    void template_of_another_tenant_is_not_found() {
        store("{customer}", "");
        call().claim("tid", "fabrikam").sendTo(fixture.create).isError(422, "templateNotFound");
    }

    @Test
    void change_applies_after_the_cache_time() {
        CreateSession function = function(Duration.ofSeconds(30));
        store("old", "");
        assertThat(call().sendTo(function).is(201).at("title")).isEqualTo("old");
        replace("new", "");

        now.updateAndGet(instant -> instant.plusMillis(29_999));
        assertThat(call().sendTo(function).is(201).at("title")).isEqualTo("old");
        now.updateAndGet(instant -> instant.plusMillis(1));
        FunctionResponse changed = call().sendTo(function).is(201);
        assertThat(changed.at("title")).isEqualTo("new");
        assertThat(changed.at("templateVersion")).isEqualTo(2);
    }

    @Test
    void change_applies_at_once_with_no_cache_and_is_then_cached() {
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
    void change_applies_at_once_without_a_cache() {
        CreateSession function = new CreateSession(fixture.tables.environment("TEMPLATE_CACHE_SECONDS", "0"));
        store("old", "");
        assertThat(call().sendTo(function).at("title")).isEqualTo("old");
        replace("new", "");
        assertThat(call().sendTo(function).at("title")).isEqualTo("new");
    }

    @Test
    void change_of_a_tab_applies_after_the_cache_time() {
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
    void new_template_applies_at_once_because_misses_are_not_cached() {
        CreateSession function = function(Duration.ofSeconds(30));
        call().sendTo(function).isError(422, "templateNotFound");
        store("new", "");
        call().sendTo(function).is(201);
    }

    @Test
    void restored_snapshot_has_an_empty_cache() throws Exception {
        CreateSession function = function(Duration.ofDays(1));
        store("old", "");
        call().sendTo(function).is(201);
        replace("new", "");

        function.afterRestore(org.crac.Core.getGlobalContext());

        assertThat(call().sendTo(function).at("title")).isEqualTo("new");
    }

    @Test
    void sessions_keep_their_copy_after_the_template_was_changed_and_deleted() {
        store("{customer}", "");
        FunctionResponse created = call().sendTo(fixture.create).is(201);
        String path = "/sessions/" + created.text("sessionId");
        replace("new", "");
        assertThat(fixture.get(path).json()).isEqualTo(created.json());
        fixture.delete(TemplateKind.SESSION_TEMPLATE, "contoso_call");
        assertThat(fixture.get(path).json()).isEqualTo(created.json());
        call().header("cache-control", "no-cache").sendTo(fixture.create).isError(422, "templateNotFound");
    }

    @Test
    void title_of_more_than_200_characters_is_truncated_with_a_warning() {
        store("{customer}", "");
        FunctionResponse answer = fixture.create(Map.of(
                        "templateName", "contoso_call", "templateParameters", Map.of("customer", "c".repeat(201))))
                .is(201);
        assertThat(answer.text("title")).hasSize(200);
        assertThat(answer.each("warnings", "code")).containsExactly("textCut");
    }
}
