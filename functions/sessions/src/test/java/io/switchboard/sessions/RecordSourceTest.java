package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
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

/** Creates from templates that need a record, with a record source over HTTP. */
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

    private FunctionResponse create(Object body) {
        return fixture.post(body).sendTo(create);
    }

    @Test
    void session_resolves_slugs_of_the_record_and_of_a_query() {
        FunctionResponse answer = create(BODY).is(201);

        assertThat(answer.text("title")).isEqualTo("Broken lift (Erika Mustermann)");
        assertThat(answer.text("tabs[1].title")).isEqualTo("Contoso");
        assertThat(answer.text("tabs[1].url")).isEqualTo("https://example.test/find?q=CAS-1%20%26%202");
        assertThat(answer.at("warnings")).isEqualTo(List.of());
        // The tab of the record uses the values of the caller, not those that were read.
        assertThat(answer.at("tabs[0].parameters")).isEqualTo(Map.of("entityName", "incident", "entityId", CASE));
        assertThat(answer.log().getFirst()).doesNotContain("RecordSource", "recordSource", "Erika", "Broken");
        // One request for the record and one for the query, without the token of the caller.
        assertThat(service.headers())
                .hasSize(2)
                .allMatch(headers -> "Bearer token-1".equals(headers.get("Authorization")));
    }

    @Test
    void dry_run_reads_the_record_source() {
        assertThat(fixture.post(BODY)
                        .query("dryRun", "true")
                        .sendTo(create)
                        .is(200)
                        .text("title"))
                .isEqualTo("Broken lift (Erika Mustermann)");
    }

    @ParameterizedTest
    @EnumSource(names = {"BROKEN", "MALFORMED", "BIG", "REDIRECT", "EVERY_TOKEN_REJECTED", "SLOW"})
    void failed_record_source_leaves_slugs_empty_and_never_fails_the_create(Mode mode) {
        service.mode(mode);
        FunctionResponse answer = create(BODY).is(201);

        assertThat(answer.text("title")).isEqualTo(" ()");
        assertThat(answer.text("tabs[1].title")).isEqualTo("Find");
        assertThat(answer.each("warnings", "code")).containsOnly("unresolvedSlug");
        assertThat(answer.each("warnings", "message"))
                .hasSize(4)
                .allMatch(message -> String.valueOf(message).contains("the record source did not respond"));
        assertThat(answer.log().getFirst())
                .contains("\"RecordSourceFailures\":2", "\"recordSourceFaults\":[\"recordSource ")
                .doesNotContain("Erika", "Brien", CASE, "127.0.0.1", "token-1");
    }

    @Test
    void strict_create_is_rejected_if_the_record_source_fails() {
        service.mode(Mode.BROKEN);
        fixture.post(BODY).header("prefer", "handling=strict").sendTo(create).isError(422, "unresolvedSlug");
    }

    @Test
    void slugs_are_empty_without_a_record_source() {
        FunctionResponse answer = fixture.create(BODY).is(201);

        assertThat(answer.each("warnings", "message"))
                .hasSize(4)
                .allMatch(message -> String.valueOf(message).contains("no record source is configured"));
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void tenant_missing_in_the_secret_has_no_record_source() {
        service.secret(service.settings("another"));
        assertThat(create(BODY).is(201).each("warnings", "message"))
                .allMatch(message -> String.valueOf(message).contains("no record source is configured"));
        assertThat(service.requests()).containsExactly("secret");
    }

    @Test
    void values_of_callers_are_never_queries() {
        String query = "{$odata.account.name.?$filter=region eq '{region}'&$select=name}";
        FunctionResponse answer = create(Map.of(
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

    private FunctionResponse manage(String method, String path, Map<String, ?> body) {
        return fixture.event(method, path).body(body).sendTo(manage);
    }

    private void caseIsNow(String title) {
        service.answer(
                "/incidents(" + CASE + ")?$select=title," + CUSTOMER + ",ticketnumber",
                Map.of("title", title, "ticketnumber", "CAS-3"));
    }

    @Test
    void rendering_the_title_refreshes_the_record_for_later_slugs() {
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
    void title_uses_earlier_values_if_the_record_cannot_be_refreshed() {
        String session = "/sessions/" + create(BODY).is(201).text("sessionId");
        service.mode(Mode.BROKEN);
        FunctionResponse answer =
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
    void additional_tab_reads_the_columns_of_its_template_only() {
        fixture.store(TemplateKind.APPLICATION_TAB_TEMPLATE, """
                {"uniqueName":"contoso_more","name":"More","pageType":"search","title":"{anchor.ticketnumber}",
                 "parameters":{"searchText":"{$odata.account.name.?$filter=region eq '{region}'&$select=name}"}}""");
        String session = "/sessions/" + create(BODY).is(201).text("sessionId");
        service.clear();
        FunctionResponse tab = manage("POST", session + "/tabs", Map.of("templateName", "contoso_more"))
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
    void record_source_caches_nothing_across_a_snapshot_and_is_not_primed() {
        create.beforeCheckpoint(Core.getGlobalContext());
        assertThat(service.requests()).isEmpty();
        create(BODY).is(201);
        service.clear();
        create.afterRestore(Core.getGlobalContext());
        create(BODY).is(201);
        assertThat(service.requests()).startsWith("secret").hasSize(4);
    }

    @Test
    void classes_of_secrets_manager_are_loaded_only_for_slugs_that_need_them() throws Exception {
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
            // Excludes interceptors of test suites.
            if (line.contains(" source:") && !line.contains("io.switchboard.replay")) {
                lines.add(line);
            }
        }
        return lines;
    }
}
