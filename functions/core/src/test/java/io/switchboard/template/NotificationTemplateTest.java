package io.switchboard.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.template.json.NotificationTemplateJson;
import io.switchboard.template.json.TemplateJson;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NotificationTemplateTest {
    private static final String LEAST = "\"uniqueName\":\"c_a\",\"name\":\"A\",\"title\":\"{customerName}\"";

    private final Violations violations = new Violations();

    private NotificationTemplate read(String members) {
        return NotificationTemplateJson.read(new ObjectReader(Json.readOwn("{" + members + "}"), "", violations));
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
    void absent_members_have_their_defaults() {
        assertThat(Json.write(TemplateJson.write(read(LEAST)))).isEqualTo(Json.write(Json.readOwn("""
                {"uniqueName":"c_a","name":"A","description":null,"tags":[],"status":"active","title":"{customerName}",
                 "icon":"/webresources/msdyn_chat_icon_zfp.svg","showTimeout":true,"timeout":120,"autoAccept":false,
                 "autoPopupSession":false,"acceptButtonText":"Accept","showRejectButton":true,"rejectButtonText":"Reject",
                 "desktopNotification":"never","theme":"dark","fields":[]}""")));
        assertThat(violations.all()).isEmpty();
    }

    @Test
    void written_template_is_read_unchanged() {
        NotificationTemplate template = read(
                LEAST
                        + ",\"description\":\"D\",\"tags\":[\"x\"],\"status\":\"inactive\",\"icon\":\"/i.svg\",\"showTimeout\":false,"
                        + "\"timeout\":0,\"autoAccept\":true,\"autoPopupSession\":true,\"acceptButtonText\":\"Take {x}\","
                        + "\"showRejectButton\":false,\"rejectButtonText\":\"Leave\",\"desktopNotification\":\"always\","
                        + "\"theme\":\"light\",\"fields\":[{\"name\":\"a\",\"fieldHeader\":\"A\",\"value\":\"{a}\"},{\"name\":\"b\"}]");
        assertThat(violations.all()).isEmpty();

        NotificationTemplate again = NotificationTemplateJson.read(
                new ObjectReader(Json.readOwn(Json.write(TemplateJson.write(template))), "", violations));

        assertThat(again).isEqualTo(template);
        assertThat(violations.all()).isEmpty();
        assertThat(template.fields()).hasSize(2);
        assertThat(template.timeout()).isZero();
    }

    @Test
    void each_desktop_mode_and_theme_is_accepted() {
        for (DesktopNotification mode : DesktopNotification.values()) {
            assertThat(read(LEAST + ",\"desktopNotification\":\"" + mode.text() + "\"")
                            .desktopNotification())
                    .isEqualTo(mode);
        }
        for (Theme theme : Theme.values()) {
            assertThat(read(LEAST + ",\"theme\":\"" + theme.text() + "\"").theme())
                    .isEqualTo(theme);
        }
        assertThat(violations.all()).isEmpty();
    }

    @Test
    void body_of_a_get_is_accepted_by_put() {
        assertThat(violated(LEAST
                        + ",\"origin\":\"custom\",\"version\":3,\"createdDateTime\":\"x\",\"createdBy\":\"x\","
                        + "\"lastModifiedDateTime\":\"x\",\"lastModifiedBy\":\"x\",\"@odata.etag\":\"x\""))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"icon\":\"/{x}.svg\"|invalidValue icon",
                "\"icon\":\" \"|required icon",
                "\"icon\":1|wrongType icon",
                "\"showTimeout\":\"yes\"|wrongType showTimeout",
                "\"timeout\":-1|invalidValue timeout",
                "\"timeout\":501|invalidValue timeout",
                "\"timeout\":1.5|invalidValue timeout",
                "\"timeout\":1E400|invalidValue timeout",
                "\"timeout\":-1E-400|invalidValue timeout",
                "\"timeout\":99999999999999999999|invalidValue timeout",
                "\"timeout\":\"60\"|wrongType timeout",
                "\"autoAccept\":1|wrongType autoAccept",
                "\"autoPopupSession\":0|wrongType autoPopupSession",
                "\"acceptButtonText\":\"\"|required acceptButtonText",
                "\"rejectButtonText\":true|wrongType rejectButtonText",
                "\"showRejectButton\":[]|wrongType showRejectButton",
                "\"desktopNotification\":\"Never\"|invalidValue desktopNotification",
                "\"desktopNotification\":509180000|wrongType desktopNotification",
                "\"theme\":\"blue\"|invalidValue theme",
                "\"fields\":{}|wrongType fields",
                "\"fields\":[null]|wrongType fields[0]",
                "\"fields\":[{\"value\":\"x\"}]|required fields[0].name",
                "\"fields\":[{\"name\":\"a\",\"fieldHeader\":1}]|wrongType fields[0].fieldHeader",
                "\"fields\":[{\"name\":\"a\",\"value\":1}]|wrongType fields[0].value",
                "\"fields\":[{\"name\":\"a\",\"header\":\"x\"}]|unknownProperty fields[0].header",
                "\"fields\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"a\"}]|duplicateValue fields[2].name",
                "\"Theme\":\"dark\"|unknownProperty Theme",
                "\"pageType\":\"custom\"|unknownProperty pageType",
            })
    void member_that_violates_a_rule_is_rejected(String members, String violation) {
        assertThat(violated(LEAST + "," + members)).containsExactly(violation);
    }

    @Test
    void lengths_are_inclusive() {
        String longest = "\"uniqueName\":\"c_a\",\"name\":\"A\",\"title\":\"" + "x".repeat(100) + "\",\"icon\":\""
                + "x".repeat(1_024) + "\",\"acceptButtonText\":\"" + "x".repeat(100) + "\",\"rejectButtonText\":\""
                + "x".repeat(100) + "\",\"timeout\":500.0,\"fields\":[{\"name\":\"" + "x".repeat(100)
                + "\",\"fieldHeader\":\"" + "x".repeat(200) + "\",\"value\":\"" + "x".repeat(2_048) + "\"}]";
        assertThat(violated(longest)).isEmpty();
        assertThat(violated(longest.replace("xx\"", "xxx\"")))
                .containsExactlyInAnyOrder(
                        "tooLong title",
                        "tooLong icon",
                        "tooLong acceptButtonText",
                        "tooLong rejectButtonText",
                        "tooLong fields[0].name",
                        "tooLong fields[0].fieldHeader",
                        "tooLong fields[0].value");
    }

    @Test
    void template_has_at_most_twenty_fields() {
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            fields.add("{\"name\":\"f" + i + "\"}");
        }
        assertThat(violated(LEAST + ",\"fields\":[" + String.join(",", fields) + "]"))
                .isEmpty();
        fields.add("{\"name\":\"one more\"}");
        assertThat(violated(LEAST + ",\"fields\":[" + String.join(",", fields) + "]"))
                .containsExactly("tooMany fields");
    }

    @Test
    void all_violations_are_reported_at_once() {
        assertThat(violated("\"uniqueName\":\"1a\",\"title\":\"" + "x".repeat(101)
                        + "\",\"timeout\":\"x\",\"theme\":1,\"fields\":[{}],\"Title\":\"n\",\"other\":1"))
                .containsExactlyInAnyOrder(
                        "invalidValue uniqueName",
                        "required name",
                        "tooLong title",
                        "wrongType timeout",
                        "wrongType theme",
                        "required fields[0].name",
                        "unknownProperty Title",
                        "unknownProperty other");
    }
}
