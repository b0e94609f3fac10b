package io.switchboard.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.template.json.ApplicationTabTemplateJson;
import io.switchboard.template.json.TemplateJson;
import io.switchboard.template.store.StoredTemplateDocument;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ApplicationTabTemplateTest {
    private final Violations violations = new Violations();

    private ApplicationTabTemplate read(String pageType, String parameters) {
        return ApplicationTabTemplateJson.read(new ObjectReader(
                Json.readOwn("{\"uniqueName\":\"c_a\",\"name\":\"A\",\"pageType\":\"" + pageType + "\",\"parameters\":"
                        + parameters + "}"),
                "",
                violations));
    }

    private List<String> violated() {
        List<String> found = new ArrayList<>();
        for (Violation violation : violations.all()) {
            found.add(violation.code() + " " + violation.target());
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "entityList|{\"entityName\":\"{e}\",\"viewId\":\"v\",\"viewType\":\"t\"}",
                "entityRecord|{\"entityName\":\"incident\",\"entityId\":\"{caseId}\",\"formId\":\"f\",\"validateRecord\":true}",
                "entityRecord|{\"entityName\":\"incident\",\"data\":\"{\\\"a\\\":\\\"{x}\\\"}\",\"createFromEntity\":\"a\",\"processId\":\"p\",\"relationship\":\"r\",\"selectStageId\":\"s\",\"selectedStageId\":\"t\",\"processInstanceId\":\"i\"}",
                "entityList|{\"viewId\":\"v\"}",
                "entityRecord|{\"entityId\":\"1\"}",
                "dashboard|{}",
                "search|{\"searchType\":1}",
                "thirdPartyWebsite|{\"url\":\"{url}\"}",
                "webResource|{\"webresourceName\":\"w.html\",\"data\":\"{x}\"}",
                "control|{\"controlName\":\"c\",\"data\":\"d\"}",
                "dashboard|{\"dashboardId\":\"3f2504e0-4f89-41d3-9a0c-0305e82c3301\"}",
                "search|{\"searchText\":\"{x}\",\"searchType\":0}",
                "search|{\"searchText\":\"{$odata.a.b.?c}\",\"searchType\":1}",
                "thirdPartyWebsite|{\"url\":\"https://example.com/{x}\",\"data\":\"{x}\",\"alwaysRender\":false}",
                "custom|{\"name\":\"n\",\"entityName\":\"{e}\",\"recordId\":\"{r}\"}",
            })
    void every_page_type_accepts_its_parameters_and_is_read_unchanged(String pageType, String parameters) {
        ApplicationTabTemplate template = read(pageType, parameters);

        assertThat(violated()).isEmpty();
        assertThat(template.parameters()).isEqualTo(Json.readOwn(parameters));
        assertThat(ApplicationTabTemplateJson.read(
                        new ObjectReader(Json.readOwn(Json.write(TemplateJson.write(template))), "", violations)))
                .isEqualTo(template);
        assertThat(violated()).isEmpty();
        assertThat(template.canClose()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "webResource|{\"webresourceName\":\" \"}|required parameters.webresourceName",
                "control|{\"controlName\":null}|required parameters.controlName",
                "dashboard|{\"dashboardId\":\"x\"}|invalidValue parameters.dashboardId",
                "search|{\"searchText\":\"x\",\"searchType\":2}|invalidValue parameters.searchType",
                "thirdPartyWebsite|{}|required parameters.url",
                "thirdPartyWebsite|{\"url\":\"http://example.com\"}|invalidValue parameters.url",
                "thirdPartyWebsite|{\"url\":\"https://{host}/\"}|invalidValue parameters.url",
                "thirdPartyWebsite|{\"url\":\"{host}/x\"}|invalidValue parameters.url",
                "thirdPartyWebsite|{\"url\":\"https://example.com/\",\"alwaysRender\":\"yes\"}|invalidValue parameters.alwaysRender",
                "custom|{}|required parameters.name",
                "custom|{\"name\":\"n\",\"url\":\"https://example.com\"}|unknownProperty parameters.url",
                "custom|{\"name\":{}}|wrongType parameters.name",
                "custom|{\"name\":[\"x\"]}|wrongType parameters.name",
                "custom|{\"Name\":\"x\",\"name\":\"y\"}|unknownProperty parameters.Name",
                "entityRecord|{\"entityName\":\"i\",\"validateRecord\":\"true\"}|invalidValue parameters.validateRecord",
                "entityRecord|{\"entityName\":\"i\",\"data\":{\"a\":1}}|wrongType parameters.data",
                "entityRecord|{\"entityName\":\"i\",\"data\":\"title={x}\"}|invalidValue parameters.data",
                "entityRecord|{\"entityName\":\"i\",\"data\":true}|invalidValue parameters.data",
                "custom|[]|wrongType parameters",
                "Custom|{}|invalidValue pageType",
            })
    void parameters_that_violate_a_rule_are_rejected(String pageType, String parameters, String violation) {
        read(pageType, parameters);
        assertThat(violated()).containsExactly(violation);
    }

    @Test
    void value_has_at_most_2048_characters() {
        read("custom", "{\"name\":\"" + "x".repeat(2_048) + "\"}");
        assertThat(violated()).isEmpty();
        read("custom", "{\"name\":\"" + "x".repeat(2_049) + "\"}");
        assertThat(violated()).containsExactly("tooLong parameters.name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"entityList", "entityRecord", "dashboard", "search"})
    void template_is_valid_without_parameters_that_callers_may_supply(String pageType) {
        ApplicationTabTemplateJson.read(new ObjectReader(
                Json.readOwn("{\"uniqueName\":\"c_a\",\"name\":\"A\",\"pageType\":\"" + pageType + "\"}"),
                "",
                violations));
        assertThat(violated()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "thirdPartyWebsite,url",
        "webResource,webresourceName",
        "control,controlName",
        "custom,name",
    })
    void template_is_invalid_without_the_parameter_that_identifies_its_page(String pageType, String parameter) {
        ApplicationTabTemplateJson.read(new ObjectReader(
                Json.readOwn("{\"uniqueName\":\"c_a\",\"name\":\"A\",\"pageType\":\"" + pageType + "\"}"),
                "",
                violations));
        assertThat(violated()).containsExactly("required parameters." + parameter);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com:99999/",
                "https://2130706433/",
                "https://example..com/",
                "https://example.com/?u=cif_thirdpartyurlhttps://example.com"
            })
    void url_that_browsers_do_not_open_is_rejected_but_readable_from_storage(String url) {
        String json =
                "{\"uniqueName\":\"c_a\",\"name\":\"A\",\"pageType\":\"thirdPartyWebsite\",\"parameters\":{\"url\":\""
                        + url + "\"}}";
        TemplateJson.read(
                TemplateKind.APPLICATION_TAB_TEMPLATE, new ObjectReader(Json.readOwn(json), "value[0]", violations));
        assertThat(violated()).containsExactly("invalidValue value[0].parameters.url");
        assertThat(StoredTemplateDocument.read(TemplateKind.APPLICATION_TAB_TEMPLATE, json)
                        .name())
                .isEqualTo("A");
    }

    @Test
    void template_without_allowed_hosts_omits_the_member() {
        assertThat(TemplateJson.write(read("thirdPartyWebsite", "{\"url\":\"https://example.com/\"}")))
                .doesNotContainKey("allowedHosts");
    }

    private ApplicationTabTemplate withHosts(String pageType, String hosts) {
        return ApplicationTabTemplateJson.read(new ObjectReader(
                Json.readOwn("{\"uniqueName\":\"c_a\",\"name\":\"A\",\"pageType\":\"" + pageType
                        + "\",\"parameters\":{\"url\":\"https://example.com/\"},\"allowedHosts\":" + hosts + "}"),
                "",
                violations));
    }

    @Test
    void allowed_hosts_are_read_unchanged() {
        ApplicationTabTemplate template =
                withHosts("thirdPartyWebsite", "[\"help.contoso.com\",\"192.0.2.1:8443\",\"xn--bcher-kva.example\"]");
        assertThat(violated()).isEmpty();
        assertThat(template.allowedHosts())
                .containsExactly("help.contoso.com", "192.0.2.1:8443", "xn--bcher-kva.example");
        assertThat(ApplicationTabTemplateJson.read(
                        new ObjectReader(Json.readOwn(Json.write(TemplateJson.write(template))), "", violations)))
                .isEqualTo(template);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://contoso.com",
                "contoso.com/path",
                "*.contoso.com",
                "user@contoso.com",
                "contoso.com:0",
                "contoso.com:65536",
                "contoso.com:",
                "contoso..com",
                "-contoso.com",
                "1.2.3",
                "{host}",
                "bücher.example",
                "con toso.com",
                "[::1]"
            })
    void allowed_host_that_is_not_a_host_name_is_invalid(String host) {
        withHosts("thirdPartyWebsite", "[\"ok.example\",\"" + host + "\"]");
        assertThat(violated()).containsExactly("invalidValue allowedHosts[1]");
    }

    @Test
    void allowed_hosts_apply_to_websites_only_and_are_at_most_twenty() {
        ApplicationTabTemplateJson.read(new ObjectReader(
                Json.readOwn(
                        "{\"uniqueName\":\"c_a\",\"name\":\"A\",\"pageType\":\"search\",\"allowedHosts\":[\"example.com\"]}"),
                "",
                violations));
        assertThat(violated()).containsExactly("notAllowed allowedHosts");
        StringBuilder hosts = new StringBuilder("\"h0.example\"");
        for (int i = 1; i < 20; i++) {
            hosts.append(",\"h").append(i).append(".example\"");
        }
        assertThat(withHosts("thirdPartyWebsite", "[" + hosts + "]").allowedHosts())
                .hasSize(20);
        assertThat(violated()).hasSize(1);
        withHosts("thirdPartyWebsite", "[" + hosts + ",\"h20.example\"]");
        assertThat(violated()).contains("tooMany allowedHosts");
    }

    @Test
    void all_violations_are_reported_at_once() {
        ApplicationTabTemplateJson.read(new ObjectReader(
                Json.readOwn("{\"uniqueName\":\"c a\",\"pageType\":\"thirdPartyWebsite\",\"canClose\":1,\"x\":1,"
                        + "\"parameters\":{\"url\":\"ftp://x\",\"data\":[],\"y\":1}}"),
                "",
                violations));
        assertThat(violated())
                .containsExactlyInAnyOrder(
                        "invalidValue uniqueName",
                        "required name",
                        "wrongType canClose",
                        "invalidValue parameters.url",
                        "wrongType parameters.data",
                        "unknownProperty parameters.y",
                        "unknownProperty x");
    }
}
