package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.ODataService;
import io.switchboard.sessions.recordsource.ODataRecordSources;
import io.switchboard.template.TemplateKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Open sessions whose record changes. */
final class RecordOfOpenSessionTest {
    private static final String CASE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

    private final SessionFixture fixture = new SessionFixture();
    private final ODataService service = new ODataService();
    private final Map<String, String> environment = service.environment(fixture.environment);
    private final ManageSessions manage = new ManageSessions(environment);
    private String path = "";

    @BeforeAll
    static void warm() {
        ODataService.warm(ODataRecordSources::of);
    }

    @BeforeEach
    void set_up() {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, """
                {"uniqueName":"contoso_number","name":"Number","pageType":"entityRecord","title":"{anchor.ticketnumber}",
                 "parameters":{"entityName":"incident"}}""");
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_case","name":"Case","type":"entity","entity":"incident",
                 "communicationPanelMode":"hidden","title":"{anchor.title}"}""");
        service.secret(service.settings(fixture.tenant));
        titled("Broken lift");
        service.answer("/incidents(" + CASE + ")?$select=ticketnumber", Map.of("ticketnumber", "CAS-1"));
        path = "/sessions/"
                + fixture.post(Map.of(
                                "templateName",
                                "contoso_case",
                                "sessionContext",
                                Map.of(
                                        "parametersStr",
                                        "[[\"entityName\",\"incident\"],[\"entityId\",\"" + CASE + "\"]]")))
                        .sendTo(new CreateSession(environment))
                        .is(201)
                        .text("sessionId");
    }

    private void titled(String title) {
        service.answer("/incidents(" + CASE + ")?$select=title", Map.of("title", title));
    }

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void title_that_is_rendered_again_uses_the_current_record() {
        assertThat(fixture.get(path).at("title")).isEqualTo("Broken lift");
        titled("Lift repaired");

        FunctionResponse rendered = fixture.event("PATCH", path)
                .body(Map.of("titleParameters", Map.of()))
                .sendTo(manage)
                .is(200);

        assertThat(rendered.at("title")).isEqualTo("Lift repaired");
        assertThat(rendered.log().getFirst()).doesNotContain("Lift");
        assertThat(fixture.act(path + "/resolveSlug", Map.of("text", "{anchor.title}"))
                        .at("value"))
                .isEqualTo("Lift repaired");
        // An unchanged record does not create a new version.
        assertThat(fixture.event("PATCH", path)
                        .body(Map.of("titleParameters", Map.of()))
                        .sendTo(manage)
                        .is(200)
                        .header("ETag"))
                .isEqualTo(rendered.header("ETag"));
    }

    @Test
    void tab_reads_missing_columns_of_the_record_and_stores_them() {
        FunctionResponse tab = fixture.event("POST", path + "/tabs")
                .body(Map.of("templateName", "contoso_number"))
                .sendTo(manage)
                .is(201);
        assertThat(tab.at("title")).isEqualTo("CAS-1");
        assertThat(tab.at("warnings")).isEqualTo(List.of());
        int asked = service.headers().size();

        assertThat(fixture.event("POST", path + "/resolveSlug")
                        .body(Map.of("text", "{anchor.ticketnumber} {$odata.incident.title.?$filter=true}"))
                        .sendTo(manage)
                        .is(200)
                        .at("value"))
                .isEqualTo("CAS-1 ");
        assertThat(service.headers()).hasSize(asked);
    }
}
