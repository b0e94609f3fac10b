package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CASE;
import static io.switchboard.sessions.SessionFixture.INCIDENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.Answer;
import io.switchboard.replay.ApiEvent;
import io.switchboard.template.TemplateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The app profile that counts for a user, as its creates meet it. */
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

    private Answer create(Object body) {
        return fixture.create(body);
    }

    private static void isRefused(Answer answer, String profile) {
        answer.isError(403, "templateNotInProfile");
        assertThat(answer.text("error.target")).isEqualTo("templateName");
        assertThat(answer.text("error.message")).contains(profile);
    }

    @Test
    void generic_templates_need_no_listing_unless_the_profile_says_so() {
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
    void every_form_is_held_to_the_profile_and_a_dry_run_too() {
        store("contoso_voice", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");
        isRefused(create(CHAT), "contoso_voice");
        isRefused(create(SessionFixture.CALL), "contoso_voice");
        isRefused(create(Map.of("templateName", "msdyn_chat_session", "sessionContext", Map.of("a", "b"))), "voice");
        isRefused(fixture.post(CHAT).query("dryRun", "true").sendTo(fixture.create), "contoso_voice");
        // What is not there is not there, whatever the profile.
        create(Map.of("templateName", "contoso_nowhere")).isError(422, "templateNotFound");
    }

    @Test
    void tenant_without_profiles_has_all_templates() {
        create(CHAT).is(201);
        create(RECORD).is(201);
    }

    @Test
    void users_own_profile_wins_over_roles_roles_over_the_default_and_the_default_over_the_shipped_one() {
        String listed = ",\"genericSessionTemplates\":\"listed\"";
        store("contoso_default", ",\"isDefault\":true,\"profileOrder\":0" + listed);
        store("contoso_second", ",\"roles\":[\"voice.agent\"],\"profileOrder\":60" + listed);
        store("contoso_b_first", ",\"roles\":[\"chat.agent\",\"voice.agent\"],\"profileOrder\":50" + listed);
        store("contoso_a_first", ",\"roles\":[\"voice.agent\"],\"profileOrder\":50" + listed);
        store("contoso_own", ",\"profileOrder\":100" + listed);
        store("contoso_inactive", ",\"status\":\"inactive\",\"roles\":[\"voice.agent\"],\"profileOrder\":0" + listed);

        isRefused(create(CHAT), "contoso_default, which counts for the user as the tenant's default");
        isRefused(withRoles("chat.agent"), "contoso_b_first, which counts for the user by the role chat.agent");
        isRefused(withRoles("voice.agent"), "contoso_a_first");
        isRefused(withRoles("Voice.Agent"), "contoso_default");
        assign("contoso_own");
        isRefused(withRoles("voice.agent"), "contoso_own, which counts for the user by assignment");
        replace("contoso_own", ",\"status\":\"inactive\"" + listed);
        isRefused(withRoles("voice.agent"), "contoso_a_first");
    }

    private Answer withRoles(String roles) {
        return fixture.post(CHAT).claim("roles", "[" + roles + "]").sendTo(fixture.create);
    }

    @Test
    void backend_is_held_to_the_profile_of_the_user_and_its_own_roles_do_not_count() {
        store("contoso_default", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");
        store("contoso_backends", ",\"roles\":[\"Sessions.ReadWrite.All\"]");

        isRefused(asBackend(), "contoso_default");

        store("contoso_own", "");
        assign("contoso_own");
        asBackend().is(201);
        // Its own token brings its roles.
        fixture.post(CHAT)
                .user("another")
                .claim("roles", "[Sessions.ReadWrite.All]")
                .sendTo(fixture.create)
                .is(201);
    }

    private Answer asBackend() {
        return fixture.event("POST", "/users/" + fixture.user + "/sessions")
                .user("backend")
                .permissions("Sessions.ReadWrite.All")
                .claim("roles", "[Sessions.ReadWrite.All]")
                .body(CHAT)
                .sendTo(fixture.create);
    }

    @Test
    void refusal_is_never_by_what_is_remembered() {
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
    void what_a_profile_takes_away_shows_no_later_than_the_memory_is_old() {
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
    void what_an_assignment_takes_away_shows_no_later_than_the_memory_is_old_and_at_once_without_memory() {
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
    void restored_function_has_forgotten_the_profiles() {
        CreateSession function = function(AGE);
        store("contoso_voice", ",\"isDefault\":true");
        fixture.post(CHAT).sendTo(function).is(201);
        replace("contoso_voice", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");

        function.afterRestore(org.crac.Core.getGlobalContext());

        isRefused(fixture.post(CHAT).sendTo(function), "contoso_voice");
    }

    @Test
    void profiles_of_another_tenant_do_not_count() {
        store("contoso_default", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");
        assign("contoso_default");

        fixture.post(CHAT)
                .claim("tid", "another-" + fixture.tenant)
                .sendTo(fixture.create)
                .is(201);
    }

    @Test
    void channel_opens_the_template_its_profile_has_for_it() {
        store(
                "contoso_default",
                ",\"isDefault\":true,\"defaultSessionTemplates\":{\"channels\":{\"chat\":\"msdyn_sms_session\"}}");

        Answer answer = create(Map.of("channel", "chat", "templateParameters", Map.of("customerName", "Ada")))
                .is(201);
        assertThat(answer.text("templateName")).isEqualTo("msdyn_sms_session");
        assertThat(answer.text("title")).isEqualTo("Ada");
        assertThat(answer.json().get("context")).isEqualTo(Map.of("customerName", "Ada"));

        Answer none = create(Map.of("channel", "voice")).isError(422, "templateNotFound");
        assertThat(none.text("error.target")).isEqualTo("templateName");
        assertThat(none.text("error.message")).contains("contoso_default", "channels.voice");
    }

    @Test
    void shipped_profile_has_the_shipped_templates_for_their_channels_and_for_cases() {
        assertThat(create(Map.of("channel", "voice")).is(201).text("templateName"))
                .isEqualTo("msdyn_voicecall_session");
        assertThat(create(Map.of("sessionContext", Map.of("parametersStr", INCIDENT)))
                        .is(201)
                        .text("templateName"))
                .isEqualTo(CASE);
    }

    @Test
    void record_opens_the_default_of_its_entity_and_without_one_the_listed_template() {
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

    private Answer record(String entity) {
        return create(Map.of(
                "sessionContext",
                Map.of("parametersStr", "[[\"entityName\",\"" + entity + "\"],[\"entityId\",\"1\"]]")));
    }

    @Test
    void channel_comes_before_the_record() {
        Answer answer = create(Map.of("channel", "chat", "sessionContext", Map.of("parametersStr", INCIDENT)))
                .is(201);
        assertThat(answer.text("templateName")).isEqualTo("msdyn_chat_session");
    }

    @Test
    void beside_a_name_channel_is_an_unknown_scalar_as_ever() {
        Answer answer = create(Map.of("templateName", "msdyn_chat_session", "channel", "voice"))
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
    void request_must_say_what_to_open(String body, String violations) {
        ApiEvent event = fixture.post(Json.readOwn(body));
        event.sendTo(fixture.create).isInvalid(violations.split(", "));
    }

    @Test
    void replay_holds_where_the_profile_has_lost_the_template_since() {
        store("contoso_default", ",\"isDefault\":true");
        ApiEvent event = fixture.post(CHAT).header("idempotency-key", "k").header("cache-control", "no-cache");
        String id = event.copy().sendTo(fixture.create).is(201).text("sessionId");
        replace("contoso_default", ",\"isDefault\":true,\"genericSessionTemplates\":\"listed\"");

        assertThat(event.copy().sendTo(fixture.create).is(201).text("sessionId"))
                .isEqualTo(id);
        isRefused(event.copy().header("idempotency-key", "l").sendTo(fixture.create), "contoso_default");
    }
}
