package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.Answer;
import io.switchboard.replay.ODataService;
import io.switchboard.sessions.recordsource.ODataRecordSources;
import io.switchboard.template.TemplateKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions that are open, and the record they were opened for, which changes meanwhile. */
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
    void title_that_is_rendered_anew_shows_the_record_as_it_is_by_now() {
        assertThat(fixture.get(path).at("title")).isEqualTo("Broken lift");
        titled("Lift mended");

        Answer rendered = fixture.event("PATCH", path)
                .body(Map.of("titleParameters", Map.of()))
                .sendTo(manage)
                .is(200);

        assertThat(rendered.at("title")).isEqualTo("Lift mended");
        assertThat(rendered.log().getFirst()).doesNotContain("Lift");
        assertThat(fixture.act(path + "/resolveSlug", Map.of("text", "{anchor.title}"))
                        .at("value"))
                .isEqualTo("Lift mended");
        // What has not changed meanwhile is no new version.
        assertThat(fixture.event("PATCH", path)
                        .body(Map.of("titleParameters", Map.of()))
                        .sendTo(manage)
                        .is(200)
                        .header("ETag"))
                .isEqualTo(rendered.header("ETag"));
    }

    @Test
    void tab_reads_of_the_record_what_the_session_does_not_know_yet_and_keeps_it() {
        Answer tab = fixture.event("POST", path + "/tabs")
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
