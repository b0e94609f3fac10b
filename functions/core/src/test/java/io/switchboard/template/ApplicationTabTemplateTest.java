package io.switchboard.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.Json;
import io.switchboard.http.ObjectReader;
import io.switchboard.http.Violation;
import io.switchboard.http.Violations;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ApplicationTabTemplateTest {
    private final Violations violations = new Violations();

    private ApplicationTabTemplate read(String pageType, String parameters) {
        return ApplicationTabTemplate.read(new ObjectReader(
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
    @Tag("A01")
    @Tag("A02")
    @Tag("A03")
    @Tag("A04")
    @Tag("A05")
    @Tag("A06")
    @Tag("A07")
    @Tag("A08")
    @CsvSource(
            delimiter = '|',
            value = {
                "entityList|{\"entityName\":\"{e}\",\"viewId\":\"v\",\"viewType\":\"t\"}",
                "entityRecord|{\"entityName\":\"incident\",\"entityId\":\"{caseId}\",\"formId\":\"f\",\"validateRecord\":true}",
                "entityRecord|{\"entityName\":\"incident\",\"data\":\"{\\\"a\\\":\\\"{x}\\\"}\",\"createFromEntity\":\"a\",\"processId\":\"p\",\"relationship\":\"r\",\"selectStageId\":\"s\"}",
                "webResource|{\"webresourceName\":\"w.html\",\"data\":\"{x}\"}",
                "control|{\"controlName\":\"c\",\"data\":\"d\"}",
                "dashboard|{\"dashboardId\":\"3f2504e0-4f89-41d3-9a0c-0305e82c3301\"}",
                "search|{\"searchText\":\"{x}\",\"searchType\":0}",
                "search|{\"searchText\":\"{$odata.a.b.?c}\",\"searchType\":1}",
                "thirdPartyWebsite|{\"url\":\"https://example.com/{x}\",\"data\":\"{x}\",\"alwaysRender\":false}",
                "custom|{\"name\":\"n\",\"entityName\":\"{e}\",\"recordId\":\"{r}\"}",
            })
    void every_page_type_takes_its_parameters_and_is_read_again_as_it_was(String pageType, String parameters) {
        ApplicationTabTemplate template = read(pageType, parameters);

        assertThat(violated()).isEmpty();
        assertThat(template.parameters()).isEqualTo(Json.readOwn(parameters));
        assertThat(ApplicationTabTemplate.read(
                        new ObjectReader(Json.readOwn(Json.write(template.toJson())), "", violations)))
                .isEqualTo(template);
        assertThat(violated()).isEmpty();
        assertThat(template.canClose()).isTrue();
    }

    @ParameterizedTest
    @Tag("A01")
    @Tag("A02")
    @Tag("A03")
    @Tag("A04")
    @Tag("A05")
    @Tag("A06")
    @Tag("A07")
    @Tag("A08")
    @CsvSource(
            delimiter = '|',
            value = {
                "entityList|{}|required parameters.entityName",
                "entityRecord|{\"entityId\":\"1\"}|required parameters.entityName",
                "webResource|{\"webresourceName\":\" \"}|required parameters.webresourceName",
                "control|{\"controlName\":null}|required parameters.controlName",
                "dashboard|{}|required parameters.dashboardId",
                "dashboard|{\"dashboardId\":\"x\"}|invalidValue parameters.dashboardId",
                "search|{}|required parameters.searchText",
                "search|{\"searchText\":\"x\",\"searchType\":2}|invalidValue parameters.searchType",
                "thirdPartyWebsite|{}|required parameters.url",
                "thirdPartyWebsite|{\"url\":\"http://example.com\"}|invalidValue parameters.url",
                "thirdPartyWebsite|{\"url\":\"https://{host}/\"}|invalidValue parameters.url",
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
    void rules_of_page_types(String pageType, String parameters, String violation) {
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

    @Test
    void template_without_parameters_lacks_those_that_are_required() {
        ApplicationTabTemplate.read(new ObjectReader(
                Json.readOwn("{\"uniqueName\":\"c_a\",\"name\":\"A\",\"pageType\":\"search\"}"), "", violations));
        assertThat(violated()).containsExactly("required parameters.searchText");
    }

    @Test
    void all_violations_are_told_at_once() {
        ApplicationTabTemplate.read(new ObjectReader(
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
