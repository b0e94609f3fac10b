package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.ODataService;
import io.switchboard.template.TemplateKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules of app profiles at creates (row M18 of the feature table). */
class ProfileRulesTest {
    private final SessionFixture fixture = new SessionFixture();

    private void rules(String rules) {
        fixture.store(
                TemplateKind.APP_PROFILE,
                "{\"uniqueName\":\"contoso_rules\",\"name\":\"Rules\",\"isDefault\":true,"
                        + "\"defaultSessionTemplates\":{\"channels\":{\"chat\":\"msdyn_chat_session\"}},\"rules\":["
                        + rules
                        + "]}");
    }

    private static String rule(String name, String when, String then) {
        return "{\"name\":\"" + name + "\",\"when\":" + when + ",\"then\":\"" + then + "\"}";
    }

    private static String gold() {
        return rule("gold", "{\"path\":\"context.tier\",\"op\":\"eq\",\"value\":\"gold\"}", "CallSessionTemplate");
    }

    private ApiEvent dryRun(Object body) {
        return fixture.post(body).query("dryRun", "true");
    }

    @Test
    void rule_selects_the_template_before_the_defaults_of_the_profile() {
        rules(gold());

        for (String form : List.of("templateParameters", "sessionContext", "context")) {
            assertThat(fixture.create(Map.of("channel", "chat", form, Map.of("tier", "gold")))
                            .is(201)
                            .text("templateName"))
                    .as(form)
                    .isEqualTo("CallSessionTemplate");
        }
        assertThat(fixture.create(Map.of("channel", "chat", "templateParameters", Map.of("tier", "silver")))
                        .is(201)
                        .text("templateName"))
                .isEqualTo("msdyn_chat_session");
        assertThat(fixture.create(Map.of("templateParameters", Map.of("tier", "gold")))
                        .is(201)
                        .text("templateName"))
                .isEqualTo("CallSessionTemplate");
        assertThat(fixture.create(Map.of(
                                "templateName", "msdyn_chat_session", "templateParameters", Map.of("tier", "gold")))
                        .is(201)
                        .text("templateName"))
                .isEqualTo("msdyn_chat_session");
    }

    @Test
    void rules_compare_the_channel_the_entity_and_lists_of_the_context() {
        rules(rule("sms", "{\"path\":\"channel\",\"op\":\"in\",\"value\":[\"sms\"]}", "msdyn_sms_session") + ","
                + rule("case", "{\"path\":\"entity\",\"op\":\"eq\",\"value\":\"incident\"}", "CallSessionTemplate")
                + ","
                + rule(
                        "skill",
                        "{\"path\":\"context.skills\",\"op\":\"contains\",\"value\":\"tax\"}",
                        "msdyn_chat_session"));

        assertThat(fixture.create(Map.of("channel", "sms")).is(201).text("templateName"))
                .isEqualTo("msdyn_sms_session");
        assertThat(fixture.create(Map.of("sessionContext", Map.of("parametersStr", SessionFixture.INCIDENT)))
                        .is(201)
                        .text("templateName"))
                .isEqualTo("CallSessionTemplate");
        assertThat(fixture.create(Map.of("sessionContext", Map.of("skills", List.of("law", "tax"))))
                        .is(201)
                        .text("templateName"))
                .isEqualTo("msdyn_chat_session");
    }

    @Test
    void request_that_selects_nothing_is_rejected_as_before() {
        fixture.create(Map.of()).isInvalid("required templateName");
        rules(gold());
        fixture.create(Map.of("templateParameters", Map.of("tier", "silver"))).isInvalid("required templateName");
        fixture.create(Map.of("isFocused", "yes")).isInvalid("wrongType isFocused", "required templateName");
        fixture.create(Map.of("channel", "sms")).isError(422, "templateNotFound");
    }

    @Test
    void dry_run_explains_the_rules_up_to_the_one_that_decides() {
        rules(rule("lead", "{\"path\":\"roles\",\"op\":\"contains\",\"value\":\"lead\"}", "msdyn_sms_session") + ","
                + gold() + "," + rule("rest", "{\"path\":\"channel\",\"op\":\"exists\"}", "msdyn_chat_session"));

        FunctionResponse explained = dryRun(Map.of("templateParameters", Map.of("tier", "gold")))
                .sendTo(fixture.create)
                .is(200);

        assertThat(explained.text("templateName")).isEqualTo("CallSessionTemplate");
        assertThat(explained.at("ruleEvaluation"))
                .isEqualTo(List.of(
                        Map.of(
                                "name",
                                "lead",
                                "matched",
                                false,
                                "reason",
                                "roles has no value; the rule has contains lead"),
                        Map.of(
                                "name",
                                "gold",
                                "matched",
                                true,
                                "reason",
                                "context.tier is gold; the rule has eq gold")));
        assertThat(dryRun(Map.of("templateName", "CallSessionTemplate"))
                        .sendTo(fixture.create)
                        .is(200)
                        .json())
                .doesNotContainKey("ruleEvaluation");
        assertThat(dryRun(Map.of("channel", "chat"))
                        .claim("roles", "[lead]")
                        .sendTo(fixture.create)
                        .is(200)
                        .text("templateName"))
                .isEqualTo("msdyn_sms_session");
    }

    @Test
    void record_without_a_source_matches_no_rule_and_fails_nothing() {
        rules(rule("code", "{\"path\":\"record.prioritycode\",\"op\":\"eq\",\"value\":1}", "CallSessionTemplate"));

        FunctionResponse response = dryRun(
                        Map.of("channel", "chat", "sessionContext", Map.of("parametersStr", SessionFixture.INCIDENT)))
                .sendTo(fixture.create)
                .is(200);

        assertThat(response.text("templateName")).isEqualTo("msdyn_chat_session");
        assertThat(response.each("ruleEvaluation", "matched")).containsExactly(false);
    }

    @Test
    void rules_on_a_record_take_one_read_and_a_source_that_fails_matches_none() {
        rules(rule(
                        "low",
                        "{\"any\":[{\"path\":\"record.prioritycode\",\"op\":\"gt\",\"value\":2},"
                                + "{\"path\":\"record.statecode\",\"op\":\"eq\",\"value\":9}]}",
                        "msdyn_sms_session")
                + ","
                + rule("high", "{\"path\":\"record.prioritycode\",\"op\":\"eq\",\"value\":1}", "CallSessionTemplate"));
        Object body = Map.of("channel", "chat", "sessionContext", Map.of("parametersStr", SessionFixture.INCIDENT));
        try (ODataService service = new ODataService()) {
            service.secret(service.settings(fixture.tenant))
                    .answer(
                            "/incidents(fac04293-1ab0-eb11-8236-000d3a5c49ed)?$select=prioritycode,statecode",
                            Map.of("prioritycode", 1, "statecode", 0));
            CreateSession create = new CreateSession(service.environment(fixture.environment));

            FunctionResponse response =
                    fixture.post(body).query("dryRun", "true").sendTo(create).is(200);

            assertThat(response.text("templateName")).isEqualTo("CallSessionTemplate");
            assertThat(response.each("ruleEvaluation", "reason"))
                    .containsExactly(
                            "record.statecode is 0; the rule has eq 9", "record.prioritycode is 1; the rule has eq 1");
            assertThat(service.requests().stream().filter(request -> request.contains("$select=")))
                    .hasSize(1);

            service.mode(ODataService.Mode.BROKEN);
            assertThat(fixture.post(body).sendTo(create).is(201).text("templateName"))
                    .isEqualTo("msdyn_chat_session");
        }
    }

    @Test
    void session_of_a_notification_uses_the_rules() {
        rules(gold());
        FunctionResponse offered = fixture.act(
                        "/notifications",
                        Map.of(
                                "templateName",
                                "msdyn_chat_consult",
                                "session",
                                Map.of("templateParameters", Map.of("tier", "gold"))))
                .is(201);
        assertThat(fixture.act("/notifications/" + offered.text("notificationId") + "/accept")
                        .is(200)
                        .at("session.templateName"))
                .isEqualTo("CallSessionTemplate");
        fixture.act("/notifications", Map.of("templateName", "msdyn_chat_consult", "session", Map.of()))
                .isInvalid("required session.templateName");
    }
}
