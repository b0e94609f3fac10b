package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.Answer;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.ODataService;
import io.switchboard.replay.ODataService.Mode;
import io.switchboard.sessions.recordsource.ODataRecordSources;
import io.switchboard.template.TemplateKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.crac.Core;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Creates whose template needs a record, against a record source over HTTP. */
final class RecordSourceTest {
    private static final String CASE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    private static final String CUSTOMER = "_customerid_value";
    private static final Map<String, Object> BODY = Map.of(
            "templateName",
            "contoso_case",
            "sessionContext",
            Map.of(
                    "region",
                    "O'Brien",
                    "parametersStr",
                    "[[\"entityName\",\"incident\"],[\"entityId\",\"" + CASE + "\"]]"));

    private final SessionFixture fixture = new SessionFixture();
    private final ODataService service = new ODataService();
    private final Map<String, String> environment = service.environment(fixture.environment);
    private final CreateSession create = new CreateSession(environment);
    private final ManageSessions manage = new ManageSessions(environment);

    @TempDir
    @SuppressWarnings("NullAway.Init") // before each test
    private Path folder;

    @BeforeAll
    static void warm() {
        ODataService.warm(ODataRecordSources::of);
    }

    @BeforeEach
    void set_up() {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, """
                {"uniqueName":"contoso_find","name":"Find","pageType":"thirdPartyWebsite",
                 "title":"{$odata.account.name.?$filter=region eq '{region}'&$select=name}",
                 "parameters":{"url":"https://example.test/find?q=","data":"{anchor.ticketnumber}"}}""");
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_case","name":"Case","type":"entity","entity":"incident",
                 "communicationPanelMode":"hidden","additionalTabs":["contoso_find"],
                 "title":"{anchor.title} ({anchor._customerid_value@OData.Community.Display.V1.FormattedValue})"}""");
        service.secret(service.settings(fixture.tenant))
                .answer(
                        "/incidents(" + CASE + ")?$select=title," + CUSTOMER + ",ticketnumber",
                        Map.of(
                                "title",
                                "Broken lift",
                                "ticketnumber",
                                "CAS-1 & 2",
                                CUSTOMER,
                                "5e0b6a3c-0000-0000-0000-000000000001",
                                CUSTOMER + "@OData.Community.Display.V1.FormattedValue",
                                "Erika Mustermann"))
                .answer(
                        "/accounts?$filter=region%20eq%20'O%27%27Brien'&$select=name",
                        Map.of("value", List.of(Map.of("name", "Contoso"))));
    }

    @AfterEach
    void close() {
        service.close();
    }

    private Answer create(Object body) {
        return fixture.post(body).sendTo(create);
    }

    @Test
    void session_takes_what_its_template_wants_from_the_record_and_from_a_query() {
        Answer answer = create(BODY).is(201);

        assertThat(answer.text("title")).isEqualTo("Broken lift (Erika Mustermann)");
        assertThat(answer.text("tabs[1].title")).isEqualTo("Contoso");
        assertThat(answer.text("tabs[1].url")).isEqualTo("https://example.test/find?q=CAS-1%20%26%202");
        assertThat(answer.at("warnings")).isEqualTo(List.of());
        // The record's tab is opened with what the caller sent, not with what was read.
        assertThat(answer.at("tabs[0].parameters")).isEqualTo(Map.of("entityName", "incident", "entityId", CASE));
        assertThat(answer.log().getFirst()).doesNotContain("RecordSource", "recordSource", "Erika", "Broken");
        // One question for the record, one for the query; never with the caller's token.
        assertThat(service.headers())
                .hasSize(2)
                .allMatch(headers -> "Bearer token-1".equals(headers.get("Authorization")));
    }

    @Test
    void dry_run_asks_too() {
        assertThat(fixture.post(BODY)
                        .query("dryRun", "true")
                        .sendTo(create)
                        .is(200)
                        .text("title"))
                .isEqualTo("Broken lift (Erika Mustermann)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BROKEN", "MALFORMED", "BIG", "REDIRECT", "EVERY_TOKEN_REFUSED", "SLOW"})
    void source_that_fails_leaves_slugs_without_a_value_and_never_fails_the_create(Mode mode) {
        service.mode(mode);
        Answer answer = create(BODY).is(201);

        assertThat(answer.text("title")).isEqualTo(" ()");
        assertThat(answer.text("tabs[1].title")).isEqualTo("Find");
        assertThat(answer.each("warnings", "code")).containsOnly("unresolvedSlug");
        assertThat(answer.each("warnings", "message"))
                .hasSize(4)
                .allMatch(message -> String.valueOf(message).contains("the record source did not answer"));
        assertThat(answer.log().getFirst())
                .contains("\"RecordSourceFailures\":2", "\"recordSourceFaults\":[\"recordSource ")
                .doesNotContain("Erika", "Brien", CASE, "127.0.0.1", "token-1");
    }

    @Test
    void strict_create_is_refused_where_the_source_fails() {
        service.mode(Mode.BROKEN);
        fixture.post(BODY).header("prefer", "handling=strict").sendTo(create).isError(422, "unresolvedSlug");
    }

    @Test
    void without_a_record_source_the_slugs_have_no_value() {
        Answer answer = fixture.create(BODY).is(201);

        assertThat(answer.each("warnings", "message"))
                .hasSize(4)
                .allMatch(message -> String.valueOf(message).contains("no record source is set up"));
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void tenant_that_the_secret_does_not_name_has_none() {
        service.secret(service.settings("another"));
        assertThat(create(BODY).is(201).each("warnings", "message"))
                .allMatch(message -> String.valueOf(message).contains("no record source is set up"));
        assertThat(service.requests()).containsExactly("secret");
    }

    @Test
    void caller_cannot_ask_it() {
        String query = "{$odata.account.name.?$filter=region eq '{region}'&$select=name}";
        Answer answer = create(Map.of(
                        "templateName",
                        "CallSessionTemplate",
                        "templateParameters",
                        Map.of("customer", query + " {anchor.title}", "data", query, "region", "O'Brien")))
                .is(201);
        assertThat(answer.each("warnings", "code")).containsOnly("unresolvedSlug");
        create(Map.of(
                        "templateName",
                        "CallSessionTemplate",
                        "sessionContext",
                        Map.of("customer", query, "anchor.title", query)))
                .is(201);
        assertThat(service.requests()).isEmpty();
    }

    private Answer manage(String method, String path, Map<String, ?> body) {
        return fixture.event(method, path).body(body).sendTo(manage);
    }

    private void caseIsNow(String title) {
        service.answer(
                "/incidents(" + CASE + ")?$select=title," + CUSTOMER + ",ticketnumber",
                Map.of("title", title, "ticketnumber", "CAS-3"));
    }

    @Test
    void title_by_slugs_reads_the_record_anew_and_later_slugs_see_it() {
        String session = "/sessions/" + create(BODY).is(201).text("sessionId");
        caseIsNow("Lift moves again");
        assertThat(manage("POST", session + "/resolveSlug", Map.of("text", "{anchor.title}"))
                        .is(200)
                        .text("value"))
                .isEqualTo("Broken lift");

        assertThat(manage("PATCH", session, Map.of("titleParameters", Map.of()))
                        .is(200)
                        .text("title"))
                .isEqualTo("Lift moves again ()");
        assertThat(manage("POST", session + "/resolveSlug", Map.of("text", "{anchor.title}, {anchor.ticketnumber}"))
                        .is(200)
                        .text("value"))
                .isEqualTo("Lift moves again, CAS-3");
        assertThat(service.requests())
                .filteredOn(request -> request.contains("/incidents"))
                .hasSize(2);
    }

    @Test
    void title_stands_where_the_record_cannot_be_read_anew() {
        String session = "/sessions/" + create(BODY).is(201).text("sessionId");
        service.mode(Mode.BROKEN);
        Answer answer =
                manage("PATCH", session, Map.of("titleParameters", Map.of())).is(200);
        assertThat(answer.text("title")).isEqualTo("Broken lift (Erika Mustermann)");
        assertThat(answer.each("warnings", "code")).containsExactly("unresolvedSlug");
        assertThat(answer.log().getFirst())
                .contains("\"RecordSourceFailures\":1")
                .doesNotContain("Erika", "127.0.0.1");
        fixture.event("PATCH", session)
                .body(Map.of("titleParameters", Map.of()))
                .header("prefer", "handling=strict")
                .sendTo(manage)
                .isError(422, "unresolvedSlug");
    }

    @Test
    void further_tab_asks_what_its_template_wants_and_callers_cannot() {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, """
                {"uniqueName":"contoso_more","name":"More","pageType":"search","title":"{anchor.ticketnumber}",
                 "parameters":{"searchText":"{$odata.account.name.?$filter=region eq '{region}'&$select=name}"}}""");
        String session = "/sessions/" + create(BODY).is(201).text("sessionId");
        service.clear();
        Answer tab = manage("POST", session + "/tabs", Map.of("templateName", "contoso_more"))
                .is(201);
        assertThat(tab.text("title")).isEqualTo("CAS-1 & 2");
        assertThat(tab.text("parameters.searchText")).isEqualTo("Contoso");

        service.clear();
        String query = "{$odata.account.name.?$top=1}";
        manage(
                        "POST",
                        session + "/tabs",
                        Map.of(
                                "templateName",
                                "contoso_find",
                                "templateParameters",
                                Map.of("data", query, "region", query)))
                .is(201);
        manage("PATCH", session, Map.of("titleParameters", Map.of("customer", query)))
                .is(200);
        manage("POST", session + "/resolveSlug", Map.of("text", query)).is(200);
        assertThat(service.requests())
                .isNotEmpty()
                .noneMatch(request -> request.contains("top=1'") || request.endsWith("$top=1"));
    }

    @Test
    void nothing_of_it_outlives_a_snapshot_and_priming_asks_nothing() {
        create.beforeCheckpoint(Core.getGlobalContext());
        assertThat(service.requests()).isEmpty();
        create(BODY).is(201);
        service.clear();
        create.afterRestore(Core.getGlobalContext());
        create(BODY).is(201);
        assertThat(service.requests()).startsWith("secret").hasSize(4);
    }

    @Test
    void classes_of_secrets_manager_are_loaded_by_a_slug_that_needs_them_only() throws Exception {
        ApiEvent without = fixture.post(SessionFixture.CALL);
        ApiEvent with = fixture.post(BODY);

        assertThat(loaded(without)).noneMatch(line -> line.contains("secretsmanager"));
        assertThat(loaded(with)).anyMatch(line -> line.contains("secretsmanager"));
    }

    private List<String> loaded(ApiEvent event) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes.log");
        Path file = Files.writeString(folder.resolve("event.json"), event.toString());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:file=" + classes + ":none:filesize=0",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                PrimedProcess.class.getName(),
                classes.toString()));
        environment.forEach((name, value) -> command.add(name + "=" + value));
        command.add(file.toString());
        Path output = folder.resolve("output.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        assertThat(Files.readString(output)).contains(" 201");
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(classes)) {
            // Interceptors that suites bring along are not the product's.
            if (line.contains(" source:") && !line.contains("io.switchboard.replay")) {
                lines.add(line);
            }
        }
        return lines;
    }
}
