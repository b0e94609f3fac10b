package io.switchboard.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.template.json.SessionTemplateJson;
import io.switchboard.template.json.TemplateJson;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SessionTemplateTest {
    private static final String GENERIC = "\"uniqueName\":\"c_a\",\"name\":\"A\",\"type\":\"generic\","
            + "\"communicationPanelMode\":\"docked\",\"anchorTab\":\"c_tab\"";
    private static final String ENTITY = "\"uniqueName\":\"c_a\",\"name\":\"A\",\"type\":\"entity\","
            + "\"communicationPanelMode\":\"hidden\",\"entity\":\"incident\"";

    private final Violations violations = new Violations();

    private SessionTemplate read(String members) {
        return SessionTemplateJson.read(new ObjectReader(Json.readOwn("{" + members + "}"), "", violations));
    }

    private List<String> violated(String members) {
        read(members);
        List<String> found = new ArrayList<>();
        for (Violation violation : violations.all()) {
            found.add(violation.code() + " " + violation.target());
        }
        return found;
    }

    @Test
    void written_template_is_read_unchanged() {
        SessionTemplate template = read(GENERIC
                + ",\"description\":\"D\",\"tags\":[\"x\"],\"status\":\"inactive\",\"title\":\"{c}\",\"fallbackTitles\":[\"F\"],"
                + "\"applySessionTitleToAnchorTab\":true,\"sessionIcon\":\"/i.svg\",\"additionalTabs\":[\"c_b\"],"
                + "\"parameterDefinitions\":[{\"name\":\"c\",\"type\":\"number\",\"required\":true,\"default\":1.10}]");
        SessionTemplate entity = read(ENTITY);
        assertThat(violations.all()).isEmpty();

        for (SessionTemplate one : List.of(template, entity)) {
            SessionTemplate again = SessionTemplateJson.read(
                    new ObjectReader(Json.readOwn(Json.write(TemplateJson.write(one))), "", violations));
            assertThat(again).isEqualTo(one);
        }
        assertThat(violations.all()).isEmpty();
        assertThat(template.references()).containsExactly("c_tab", "c_b");
    }

    @Test
    void wrap_up_has_defaults_refers_to_its_tab_and_is_read_unchanged() {
        SessionTemplate template = read(
                GENERIC + ",\"wrapUp\":{\"required\":true,\"seconds\":60,\"dispositions\":[\"a\"],\"tab\":\"c_w\"}");
        assertThat(template.wrapUp()).isEqualTo(new SessionWrapUp(true, 60, List.of("a"), "c_w"));
        assertThat(template.references()).containsExactly("c_tab", "c_w");
        assertThat(template.openedTabs()).containsExactly("c_tab");
        assertThat(read(Json.write(TemplateJson.write(template)).replaceAll("^\\{|\\}$", "")))
                .isEqualTo(template);
        assertThat(read(GENERIC + ",\"wrapUp\":{}").wrapUp()).isEqualTo(new SessionWrapUp(false, 0, List.of(), null));
        assertThat(read(GENERIC).wrapUp()).isNull();
        assertThat(violations.all()).isEmpty();
    }

    @Test
    void absent_members_have_their_defaults() {
        SessionTemplate template = read(GENERIC);
        assertThat(template.status()).isEqualTo(Status.ACTIVE);
        assertThat(template.applySessionTitleToAnchorTab()).isFalse();
        assertThat(template.additionalTabs()).isEmpty();
        assertThat(template.title()).isNull();
        assertThat(violations.all()).isEmpty();
    }

    @Test
    void body_of_a_get_is_accepted_by_put() {
        assertThat(violated(GENERIC
                        + ",\"origin\":\"custom\",\"version\":3,\"createdDateTime\":\"x\",\"createdBy\":\"x\","
                        + "\"lastModifiedDateTime\":\"x\",\"lastModifiedBy\":\"x\",\"@odata.etag\":\"x\""))
                .isEmpty();
    }

    @Test
    void all_violations_are_reported_at_once() {
        assertThat(violated("\"uniqueName\":\"1a\",\"type\":\"x\",\"title\":\"" + "x".repeat(201)
                        + "\",\"tags\":[1],\"Name\":\"n\",\"other\":1"))
                .containsExactlyInAnyOrder(
                        "invalidValue uniqueName",
                        "required name",
                        "invalidValue type",
                        "tooLong title",
                        "required communicationPanelMode",
                        "wrongType tags[0]",
                        "unknownProperty Name",
                        "unknownProperty other");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"entity\":\"incident\"|notAllowed entity",
                "\"anchorTab\":null|required anchorTab",
                "\"anchorTab\":\" \"|required anchorTab",
                "\"additionalTabs\":[\"c_b\",\"c_tab\"]|duplicateValue additionalTabs[1]",
                "\"additionalTabs\":[\"c_b\",\"c_b\"]|duplicateValue additionalTabs[1]",
                "\"sessionIcon\":\"/{x}.svg\"|invalidValue sessionIcon",
                "\"sessionIcon\":\"/x.GIF\"|invalidValue sessionIcon",
                "\"communicationPanelMode\":\"Docked\"|invalidValue communicationPanelMode",
                "\"type\":null|required type",
                "\"status\":\"off\"|invalidValue status",
                "\"uniqueName\":\"a-b\"|invalidValue uniqueName",
                "\"uniqueName\":\"é\"|invalidValue uniqueName",
                "\"uniqueName\":\"_a\"|invalidValue uniqueName",
                "\"parameterDefinitions\":[{\"type\":\"string\"}]|required parameterDefinitions[0].name",
                "\"parameterDefinitions\":[{\"name\":\"a\",\"type\":\"text\"}]|invalidValue parameterDefinitions[0].type",
                "\"parameterDefinitions\":[{\"name\":\"a\"}]|required parameterDefinitions[0].type",
                "\"parameterDefinitions\":[{\"name\":\"a\",\"type\":\"string\",\"default\":1}]|wrongType parameterDefinitions[0].default",
                "\"parameterDefinitions\":[{\"name\":\"{a}\",\"type\":\"string\"}]|invalidValue parameterDefinitions[0].name",
                "\"parameterDefinitions\":[{\"name\":\"a'b\",\"type\":\"string\"}]|invalidValue parameterDefinitions[0].name",
                "\"parameterDefinitions\":[{\"name\":\"a\\\"b\",\"type\":\"string\"}]|invalidValue parameterDefinitions[0].name",
                "\"parameterDefinitions\":[{\"name\":\"a\",\"type\":\"string\",\"x\":1}]|unknownProperty parameterDefinitions[0].x",
                "\"parameterDefinitions\":[{\"name\":\"a\",\"type\":\"string\"},{\"name\":\"a\",\"type\":\"string\"}]|duplicateValue parameterDefinitions[1].name",
                "\"wrapUp\":[]|wrongType wrapUp",
                "\"wrapUp\":{\"required\":true}|required wrapUp.dispositions",
                "\"wrapUp\":{\"required\":true,\"dispositions\":[]}|required wrapUp.dispositions",
                "\"wrapUp\":{\"dispositions\":[\"a\",\"a\"]}|duplicateValue wrapUp.dispositions[1]",
                "\"wrapUp\":{\"seconds\":-1}|invalidValue wrapUp.seconds",
                "\"wrapUp\":{\"seconds\":86401}|invalidValue wrapUp.seconds",
                "\"wrapUp\":{\"Seconds\":1}|unknownProperty wrapUp.Seconds",
                "\"wrapUp\":{\"tab\":\"c_w\"},\"additionalTabs\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\"]|tooMany wrapUp.tab",
            })
    void generic_template_that_violates_a_rule_is_rejected(String members, String violation) {
        assertThat(violated(without(GENERIC, members) + "," + members)).containsExactly(violation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"entity\":null|required entity",
                "\"entity\":\" \"|required entity",
                "\"anchorTab\":\"c_tab\"|notAllowed anchorTab",
                "\"sessionIcon\":\"/x.svg\"|notAllowed sessionIcon",
                "\"communicationPanelMode\":\"docked\"|invalidValue communicationPanelMode",
            })
    void entity_template_that_violates_a_rule_is_rejected(String members, String violation) {
        assertThat(violated(without(ENTITY, members) + "," + members)).containsExactly(violation);
    }

    @Test
    void default_has_at_most_2048_characters_and_a_name_may_contain_spaces() {
        String definition =
                ",\"parameterDefinitions\":[{\"name\":\"Your question?\",\"type\":\"string\",\"default\":\"";
        assertThat(violated(GENERIC + definition + "x".repeat(2_048) + "\"}]")).isEmpty();
        assertThat(violated(GENERIC + definition + "x".repeat(2_049) + "\"}]"))
                .containsExactly("tooLong parameterDefinitions[0].default");
    }

    @Test
    void inactive_generic_template_does_not_require_an_anchor() {
        assertThat(violated(without(GENERIC, "\"anchorTab\":") + ",\"status\":\"inactive\""))
                .isEmpty();
    }

    @Test
    void lengths_are_inclusive() {
        String longest = ",\"name\":\"" + "x".repeat(100) + "\",\"uniqueName\":\"" + "x".repeat(128) + "\",\"title\":\""
                + "x".repeat(200) + "\",\"description\":\"" + "x".repeat(2_000) + "\",\"additionalTabs\":"
                + Json.write(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"));
        String without = without(without(GENERIC, "\"name\":"), "\"uniqueName\":");
        assertThat(violated(without + longest)).isEmpty();
        String longer = longest.replace("xx\"", "xxx\"").replace("\"i\"]", "\"i\",\"j\"]");
        assertThat(violated(without + longer))
                .containsExactlyInAnyOrder(
                        "tooLong name",
                        "tooLong uniqueName",
                        "tooLong title",
                        "tooLong description",
                        "tooMany additionalTabs");
    }

    /** Removes the member with that name, because JSON allows each name once. */
    private static String without(String members, String member) {
        String name = member.substring(0, member.indexOf(':') + 1);
        List<String> kept = new ArrayList<>();
        for (String one : members.split(",", -1)) {
            if (!one.startsWith(name)) {
                kept.add(one);
            }
        }
        return String.join(",", kept);
    }
}
