package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CASE;
import static io.switchboard.sessions.SessionFixture.INCIDENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.template.TemplateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The effect of the app profile of a user on its creates. */
class ProfileUseTest {
    private static final Map<String, Object> CHAT = Map.of("templateName", "msdyn_chat_session");
    private static final Map<String, Object> RECORD =
            Map.of("templateName", CASE, "sessionContext", Map.of("parametersStr", INCIDENT));
    private static final Duration AGE = Duration.ofSeconds(30);

    private final SessionFixture fixture = new SessionFixture();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

    private CreateSession function(Duration cacheAge) {
        return fixture.function(cacheAge, now::get);
    }

    private static String profile(String uniqueName, String more) {
        return "{\"uniqueName\":\"" + uniqueName + "\",\"name\":\"Profile\"" + more + "}";
    }

    private void store(String uniqueName, String more) {
        fixture.store(TemplateKind.APP_PROFILE, profile(uniqueName, more));
    }

    private void replace(String uniqueName, String more) {
        fixture.replace(TemplateKind.APP_PROFILE, profile(uniqueName, more));
    }

    private void assign(String uniqueName) {
        fixture.assign(uniqueName, fixture.user);
    }

    private FunctionResponse create(Object body) {
        return fixture.create(body);
    }

    private static void isRefused(FunctionResponse answer, String profile) {
        answer.isError(403, "templateNotInProfile");
        assertThat(answer.text("error.target")).isEqualTo("templateName");
        assertThat(answer.text("error.message")).contains(profile);
    }

    @Test
    void generic_templates_must_be_listed_only_if_the_profile_requires_it() {
        store("contoso_voice", ",\"isDefault\":true");
        create(CHAT).is(201);

        replace("contoso_voice", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");
        isRefused(fixture.post(CHAT).header("cache-control", "no-cache").sendTo(fixture.create), "contoso_voice");

        replace(
                "contoso_voice",
                ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\",\"sessionTemplates\":[\"msdyn_chat_session\"]");
        create(CHAT).is(201);
    }

    @Test
    void entity_templates_must_be_listed() {
        store("contoso_voice", ",\"isDefault\":true");
        isRefused(create(RECORD), "contoso_voice");

        replace("contoso_voice", ",\"isDefault\":true,\"sessionTemplates\":[\"" + CASE + "\"]");
        create(RECORD).is(201);
    }

    @Test
    void profile_applies_to_every_form_and_to_dry_runs() {
        store("contoso_voice", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");
        isRefused(create(CHAT), "contoso_voice");
        isRefused(create(SessionFixture.CALL), "contoso_voice");
        isRefused(create(Map.of("templateName", "msdyn_chat_session", "sessionContext", Map.of("a", "b"))), "voice");
        isRefused(fixture.post(CHAT).query("dryRun", "true").sendTo(fixture.create), "contoso_voice");
        // A missing template is reported as missing regardless of the profile.
        create(Map.of("templateName", "contoso_nowhere")).isError(422, "templateNotFound");
    }

    @Test
    void tenant_without_profiles_can_use_all_templates() {
        create(CHAT).is(201);
        create(RECORD).is(201);
    }

    @Test
    void profile_is_selected_by_assignment_then_role_then_default_then_built_in() {
        String listed = ",\"genericSessionTemplates\":\"listed\"";
        store("contoso_default", ",\"isDefault\":true,\"profileOrder\":0" + listed);
        store("contoso_second", ",\"roles\":[\"voice.agent\"],\"profileOrder\":60" + listed);
        store("contoso_b_first", ",\"roles\":[\"chat.agent\",\"voice.agent\"],\"profileOrder\":50" + listed);
        store("contoso_a_first", ",\"roles\":[\"voice.agent\"],\"profileOrder\":50" + listed);
        store("contoso_own", ",\"profileOrder\":100" + listed);
        store("contoso_inactive", ",\"status\":\"inactive\",\"roles\":[\"voice.agent\"],\"profileOrder\":0" + listed);

        isRefused(create(CHAT), "contoso_default, which applies because it is the tenant's default");
        isRefused(withRoles("chat.agent"), "contoso_b_first, which applies because of the user's role chat.agent");
        isRefused(withRoles("voice.agent"), "contoso_a_first");
        isRefused(withRoles("Voice.Agent"), "contoso_default");
        assign("contoso_own");
        isRefused(withRoles("voice.agent"), "contoso_own, which applies because it is assigned to the user");
        replace("contoso_own", ",\"status\":\"inactive\"" + listed);
        isRefused(withRoles("voice.agent"), "contoso_a_first");
    }

    private FunctionResponse withRoles(String roles) {
        return fixture.post(CHAT).claim("roles", "[" + roles + "]").sendTo(fixture.create);
    }

    @Test
    void profile_of_the_user_applies_to_a_backend_and_its_roles_are_ignored() {
        store("contoso_default", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");
        store("contoso_backends", ",\"roles\":[\"Sessions.ReadWrite.All\"]");

        isRefused(asBackend(), "contoso_default");

        store("contoso_own", "");
        assign("contoso_own");
        asBackend().is(201);
        // The token of the user contains the roles.
        fixture.post(CHAT)
                .user("another")
                .claim("roles", "[Sessions.ReadWrite.All]")
                .sendTo(fixture.create)
                .is(201);
    }

    private FunctionResponse asBackend() {
        return fixture.event("POST", "/users/" + fixture.user + "/sessions")
                .user("backend")
                .permissions("Sessions.ReadWrite.All")
                .claim("roles", "[Sessions.ReadWrite.All]")
                .body(CHAT)
                .sendTo(fixture.create);
    }

    @Test
    void rejection_is_never_based_on_cached_profiles() {
        store("contoso_default", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");
        store("contoso_own", "");
        isRefused(create(CHAT), "contoso_default");
        assign("contoso_own");
        create(CHAT).is(201);
        create(Map.of("channel", "chat")).isError(422, "templateNotFound");
        replace("contoso_own", ",\"defaultSessionTemplates\":{\"channels\":{\"chat\":\"msdyn_chat_session\"}}");
        create(Map.of("channel", "chat")).is(201);
    }

    @Test
    void removal_from_a_profile_applies_after_the_cache_time_at_the_latest() {
        CreateSession function = function(AGE);
        store("contoso_voice", ",\"isDefault\":true");
        fixture.post(CHAT).sendTo(function).is(201);
        replace("contoso_voice", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");

        now.set(now.get().plus(AGE).minusMillis(1));
        fixture.post(CHAT).sendTo(function).is(201);
        isRefused(fixture.post(CHAT).header("cache-control", "no-cache").sendTo(function), "contoso_voice");
        now.set(now.get().plusMillis(1));
        isRefused(fixture.post(CHAT).sendTo(function), "contoso_voice");
    }

    @Test
    void changed_assignment_applies_after_the_cache_time_or_at_once_without_a_cache() {
        CreateSession function = function(AGE);
        CreateSession forgetful = function(Duration.ZERO);
        store("contoso_wide", "");
        store("contoso_narrow", ",\"genericSessionTemplates\":\"listed\"");
        assign("contoso_wide");
        fixture.post(CHAT).sendTo(function).is(201);
        fixture.post(CHAT).sendTo(forgetful).is(201);
        assign("contoso_narrow");

        isRefused(fixture.post(CHAT).sendTo(forgetful), "contoso_narrow");
        fixture.post(CHAT).sendTo(function).is(201);
        now.set(now.get().plus(AGE));
        isRefused(fixture.post(CHAT).sendTo(function), "contoso_narrow");
    }

    @Test
    void restored_function_has_no_cached_profiles() {
        CreateSession function = function(AGE);
        store("contoso_voice", ",\"isDefault\":true");
        fixture.post(CHAT).sendTo(function).is(201);
        replace("contoso_voice", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");

        function.afterRestore(org.crac.Core.getGlobalContext());

        isRefused(fixture.post(CHAT).sendTo(function), "contoso_voice");
    }

    @Test
    void profiles_of_another_tenant_do_not_apply() {
        store("contoso_default", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");
        assign("contoso_default");

        fixture.post(CHAT)
                .claim("tid", "another-" + fixture.tenant)
                .sendTo(fixture.create)
                .is(201);
    }

    @Test
    void channel_selects_the_template_of_the_profile() {
        store(
                "contoso_default",
                ",\"isDefault\":true,\"defaultSessionTemplates\":{\"channels\":{\"chat\":\"msdyn_sms_session\"}}");

        FunctionResponse answer = create(Map.of("channel", "chat", "templateParameters", Map.of("customerName", "Ada")))
                .is(201);
        assertThat(answer.text("templateName")).isEqualTo("msdyn_sms_session");
        assertThat(answer.text("title")).isEqualTo("Ada");
        assertThat(answer.json().get("context")).isEqualTo(Map.of("customerName", "Ada"));

        FunctionResponse none = create(Map.of("channel", "voice")).isError(422, "templateNotFound");
        assertThat(none.text("error.target")).isEqualTo("templateName");
        assertThat(none.text("error.message")).contains("contoso_default", "channels.voice");
    }

    @Test
    void built_in_profile_selects_built_in_templates_by_channel_and_for_cases() {
        assertThat(create(Map.of("channel", "voice")).is(201).text("templateName"))
                .isEqualTo("msdyn_voicecall_session");
        assertThat(create(Map.of("sessionContext", Map.of("parametersStr", INCIDENT)))
                        .is(201)
                        .text("templateName"))
                .isEqualTo(CASE);
    }

    @Test
    void record_selects_the_default_of_its_entity_or_else_the_listed_template() {
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_account","name":"Account","type":"entity","entity":"account",
                 "communicationPanelMode":"hidden"}""");
        store(
                "contoso_default",
                ",\"isDefault\":true,\"sessionTemplates\":[\"msdyn_chat_session\",\"contoso_account\"]");

        assertThat(record("account").is(201).text("templateName")).isEqualTo("contoso_account");
        assertThat(record("incident").isError(422, "templateNotFound").text("error.message"))
                .contains("contoso_default", "entities.incident");

        replace(
                "contoso_default",
                ",\"isDefault\":true,\"sessionTemplates\":[\"contoso_account\",\"" + CASE
                        + "\"],\"defaultSessionTemplates\":{\"entities\":{\"incident\":\"" + CASE + "\"}}");
        assertThat(record("incident").is(201).text("templateName")).isEqualTo(CASE);
    }

    private FunctionResponse record(String entity) {
        return create(Map.of(
                "sessionContext",
                Map.of("parametersStr", "[[\"entityName\",\"" + entity + "\"],[\"entityId\",\"1\"]]")));
    }

    @Test
    void channel_takes_precedence_over_the_record() {
        FunctionResponse answer = create(Map.of("channel", "chat", "sessionContext", Map.of("parametersStr", INCIDENT)))
                .is(201);
        assertThat(answer.text("templateName")).isEqualTo("msdyn_chat_session");
    }

    @Test
    void channel_with_a_template_name_is_an_unknown_scalar() {
        FunctionResponse answer = create(Map.of("templateName", "msdyn_chat_session", "channel", "voice"))
                .is(201);
        assertThat(answer.each("warnings", "code")).contains("unknownProperty");
        assertThat(answer.text("context.channel")).isEqualTo("voice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"channel\":7}|wrongType channel",
                "{\"channel\":\" \"}|required channel",
                "{\"Channel\":\"chat\"}|required templateName, unknownProperty Channel",
                "{\"channel\":null}|required templateName",
                "{\"templateName\":\"\",\"channel\":\"chat\"}|required templateName",
                "{\"sessionContext\":{\"parametersStr\":\"[[\\\"entityId\\\",\\\"1\\\"]]\"}}|required templateName",
                "{\"sessionContext\":{\"parametersStr\":\"[[\\\"entityName\\\",1]]\"}}|required templateName",
            })
    void request_without_a_template_channel_or_record_is_rejected(String body, String violations) {
        ApiEvent event = fixture.post(Json.readOwn(body));
        event.sendTo(fixture.create).isInvalid(violations.split(", "));
    }

    @Test
    void replay_succeeds_after_the_template_was_removed_from_the_profile() {
        store("contoso_default", ",\"isDefault\":true");
        ApiEvent event = fixture.post(CHAT).header("idempotency-key", "k").header("cache-control", "no-cache");
        String id = event.copy().sendTo(fixture.create).is(201).text("sessionId");
        replace("contoso_default", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");

        assertThat(event.copy().sendTo(fixture.create).is(201).text("sessionId"))
                .isEqualTo(id);
        isRefused(event.copy().header("idempotency-key", "l").sendTo(fixture.create), "contoso_default");
    }
}
