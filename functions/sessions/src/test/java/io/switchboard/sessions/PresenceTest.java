package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.ObjectReader;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.template.TemplateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The routes of presences, and the warning about users who are offline or away. */
final class PresenceTest {
    private static final String MINE = "/me/presence";
    private static final String LUNCH =
            "{\"uniqueName\":\"contoso_lunch\",\"name\":\"Lunch\",\"basicState\":\"away\"%s}";

    private final SessionFixture fixture = new SessionFixture("TEMPLATE_CACHE_SECONDS", "0");

    private FunctionResponse put(Map<String, ?> body) {
        return fixture.event("PUT", MINE).body(body).sendTo(fixture.manage);
    }

    private ApiEvent backend(String method, String path) {
        return ApiEvent.of(method, path).backend("Sessions.ReadWrite.All").claim("tid", fixture.tenant);
    }

    private FunctionResponse put(String user, String basicState) {
        return backend("PUT", "/users/" + user + "/presence")
                .body(Map.of("basicState", basicState))
                .sendTo(fixture.manage)
                .is(200);
    }

    private static Instant time(FunctionResponse response, String member) {
        return Instant.parse(response.text(member));
    }

    @Test
    void presence_is_set_read_and_sent_back() {
        FunctionResponse never = fixture.get(MINE).is(200);
        assertThat(never.json())
                .containsEntry("userId", fixture.user)
                .containsEntry("basicState", "offline")
                .containsEntry("state", null)
                .containsEntry("sinceDateTime", null)
                .containsEntry("expiresDateTime", null);

        FunctionResponse set = put(Map.of("basicState", "busy", "text", "On the phone", "expiresInSeconds", 30))
                .is(200);

        assertThat(Duration.between(time(set, "sinceDateTime"), time(set, "expiresDateTime")))
                .isEqualTo(Duration.ofSeconds(30));
        FunctionResponse read = fixture.get(MINE).is(200);
        assertThat(read.json()).isEqualTo(set.json());
        FunctionResponse sentBack = put(read.json()).is(200);
        assertThat(sentBack.json()).containsEntry("text", "On the phone");
        assertThat(sentBack.text("sinceDateTime")).isEqualTo(set.text("sinceDateTime"));
        assertThat(Duration.between(Instant.now(), time(sentBack, "expiresDateTime")))
                .as("the default")
                .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(121));
    }

    @Test
    void every_violation_is_reported() {
        FunctionResponse refused = put(Map.of(
                        "basicState",
                        "asleep",
                        "state",
                        7,
                        "text",
                        "x".repeat(101),
                        "expiresInSeconds",
                        29,
                        "mood",
                        ""))
                .is(400);

        assertThat(refused.detailTargets())
                .containsExactlyInAnyOrder("basicState", "state", "text", "expiresInSeconds", "mood");
        put(Map.of()).is(400);
        put(Map.of("basicState", "busy", "expiresInSeconds", 3_601)).is(400);
        assertThat(fixture.get(MINE).text("basicState")).isEqualTo("offline");
    }

    @Test
    void state_names_an_active_presence_state_with_the_same_basic_state() {
        Map<String, Object> lunch = Map.of("basicState", "away", "state", "contoso_lunch");
        put(lunch).isError(422, "templateNotFound");
        fixture.store(TemplateKind.PRESENCE_STATE, LUNCH.formatted(""));

        assertThat(put(lunch).is(200).text("state")).isEqualTo("contoso_lunch");
        put(Map.of("basicState", "busy", "state", "contoso_lunch")).isError(422, "basicStateMismatch");
        put(Map.of("basicState", "away", "state", "Contoso_Lunch")).isError(422, "templateNotFound");
        put(Map.of("basicState", "busy", "state", "switchboard_do_not_disturb")).is(200);
        fixture.replace(TemplateKind.PRESENCE_STATE, LUNCH.formatted(",\"status\":\"inactive\""));
        put(lunch).isError(422, "templateInactive");
        assertThat(fixture.get(MINE).text("state")).as("nothing was written").isEqualTo("switchboard_do_not_disturb");
    }

    /** A renewal reads no template, so that it is one write. */
    @Test
    void renewal_does_not_check_the_state_again() {
        fixture.store(TemplateKind.PRESENCE_STATE, LUNCH.formatted(""));
        Map<String, Object> lunch = Map.of("basicState", "away", "state", "contoso_lunch");
        put(lunch).is(200);
        fixture.delete(TemplateKind.PRESENCE_STATE, "contoso_lunch");

        assertThat(put(lunch).is(200).text("state")).isEqualTo("contoso_lunch");
    }

    @Test
    void routes_admit_the_permissions_of_the_matrix() {
        Map<String, String> expected = new LinkedHashMap<>();
        // own GET, own PUT, GET of a user, PUT of a user, list
        expected.put("Sessions.Read", "200 403 403 403 403");
        expected.put("Sessions.ReadWrite", "200 200 403 403 403");
        expected.put("Sessions.ReadWrite.Provider", "200 200 403 403 403");
        expected.put("Sessions.ReadWrite.All", "403 403 200 200 200");
        expected.put("Templates.ReadWrite", "403 403 403 403 403");
        expected.forEach((permission, statuses) -> {
            List<String> found = new ArrayList<>();
            for (ApiEvent event : requests()) {
                event.permissions(permission).claim("azp", "connector");
                found.add(String.valueOf(event.sendTo(fixture.manage).status()));
            }
            assertThat(String.join(" ", found)).as(permission).isEqualTo(statuses);
        });
        for (ApiEvent event : requests()) {
            event.withoutClaims().sendTo(fixture.manage).is(401);
        }
    }

    private List<ApiEvent> requests() {
        Map<String, Object> body = Map.of("basicState", "busy");
        return List.of(
                fixture.event("GET", MINE),
                fixture.event("PUT", MINE).body(body),
                fixture.event("GET", "/users/ann/presence"),
                fixture.event("PUT", "/users/ann/presence").body(body),
                fixture.event("GET", "/presence"));
    }

    @Test
    void app_only_token_has_no_presence() {
        FunctionResponse refused = ApiEvent.of("GET", MINE)
                .backend("Sessions.ReadWrite")
                .claim("tid", fixture.tenant)
                .sendTo(fixture.manage)
                .isError(403, "userRequired");

        assertThat(refused.body()).contains("Use /users/{userId}/presence with");
    }

    @Test
    void presence_of_another_user_is_set_and_read_by_a_backend() {
        put("ann", "available");

        assertThat(backend("GET", "/users/ann/presence")
                        .sendTo(fixture.manage)
                        .is(200)
                        .text("basicState"))
                .isEqualTo("available");
        assertThat(backend("GET", "/users/ann/presence")
                        .claim("tid", "other")
                        .sendTo(fixture.manage)
                        .is(200)
                        .text("basicState"))
                .as("of another tenant")
                .isEqualTo("offline");
        backend("GET", "/users/" + "x".repeat(701) + "/presence")
                .sendTo(fixture.manage)
                .is(400);
    }

    private List<Map<String, @Nullable Object>> list(String... options) {
        List<Map<String, @Nullable Object>> users = new ArrayList<>();
        ApiEvent event = backend("GET", "/presence");
        for (int i = 0; i < options.length; i += 2) {
            event.query(options[i], options[i + 1]);
        }
        while (true) {
            FunctionResponse page = event.sendTo(fixture.manage).is(200);
            for (Object user : (List<?>) requireNonNull(page.json().get("value"))) {
                users.add(ObjectReader.members((Map<?, ?>) requireNonNull(user)));
            }
            if (!(page.json().get("@odata.nextLink") instanceof String link)) {
                return users;
            }
            event = ApiEvent.follow(link).backend("Sessions.ReadWrite.All").claim("tid", fixture.tenant);
        }
    }

    private Set<String> ids(String... options) {
        Set<String> ids = new TreeSet<>();
        list(options)
                .forEach(user ->
                        assertThat(ids.add(String.valueOf(user.get("userId")))).isTrue());
        return ids;
    }

    @Test
    void list_has_the_capacity_of_each_desk() {
        fixture.session();
        fixture.session();
        put(Map.of("basicState", "available")).is(200);
        put("ann", "away");

        assertThat(ids()).containsExactlyInAnyOrder("ann", fixture.user);
        assertThat(ids("$top", "1")).containsExactlyInAnyOrder("ann", fixture.user);
        assertThat(list("basicState", "available"))
                .singleElement()
                .satisfies(user -> assertThat(user)
                        .containsEntry("userId", fixture.user)
                        .containsEntry("openSessions", 2)
                        .containsEntry("sessionLimit", 10)
                        .containsEntry("canCreateSession", true));
        assertThat(ids("basicState", "offline")).isEmpty();
        backend("GET", "/presence")
                .query("basicState", "asleep")
                .sendTo(fixture.manage)
                .is(400);
        backend("GET", "/presence")
                .query("$skiptoken", "abc")
                .sendTo(fixture.manage)
                .is(400);
    }

    @Test
    void list_by_app_profile_has_the_users_to_whom_it_is_assigned_or_the_others_by_default() {
        for (String user : List.of("ann", "bob", "eve")) {
            put(user, "available");
        }
        assertThat(ids("appProfile", "switchboard_default_profile")).containsExactly("ann", "bob", "eve");
        fixture.store(TemplateKind.APP_PROFILE, "{\"uniqueName\":\"contoso_voice\",\"name\":\"Voice\"}");
        fixture.store(
                TemplateKind.APP_PROFILE, "{\"uniqueName\":\"contoso_other\",\"name\":\"Other\",\"isDefault\":true}");
        fixture.assign("contoso_voice", "bob");

        assertThat(ids("appProfile", "contoso_voice")).containsExactly("bob");
        assertThat(ids("appProfile", "contoso_other", "$top", "1")).containsExactly("ann", "eve");
        assertThat(ids("appProfile", "unknown")).isEmpty();
    }

    private List<String> warnings(String... users) {
        FunctionResponse created = backend("POST", "/notifications")
                .body(Map.of("templateName", "msdyn_chat_consult", "userIds", List.of(users)))
                .sendTo(fixture.manage)
                .is(201);
        List<String> warnings = new ArrayList<>();
        for (Object warning : (List<?>) requireNonNull(created.json().get("warnings"))) {
            Map<?, ?> members = (Map<?, ?>) requireNonNull(warning);
            String message = String.valueOf(members.get("message"));
            if (!"unresolvedSlug".equals(members.get("code"))) {
                warnings.add(members.get("code") + " " + message.split(" ", 4)[2]);
            }
        }
        return warnings;
    }

    @Test
    void notification_to_a_user_who_is_offline_or_away_has_a_warning() {
        put("off", "offline");
        put("away", "away");
        put("busy", "busy");
        put("ready", "available");
        fixture.create(CALL).is(201);

        assertThat(warnings("off", "busy", "away", "ready", fixture.user))
                .containsExactly("userUnavailable off", "userUnavailable away");
        assertThat(warnings("stranger")).containsExactly("unknownUser stranger");
    }

    @Test
    void hand_over_to_a_user_who_is_offline_or_away_has_a_warning_and_is_offered() {
        put("away", "away");
        put("busy", "busy");
        for (String user : List.of("away", "busy", "stranger")) {
            FunctionResponse offered = fixture.event("POST", "/sessions/" + fixture.session() + "/handOver")
                    .body(Map.of("userId", user))
                    .header("prefer", user.equals("away") ? "handling=strict" : "return=representation")
                    .sendTo(fixture.manage)
                    .is(200);
            assertThat(offered.at("handOver.userId")).isEqualTo(user);
            assertThat(offered.each("warnings", "code").contains("userUnavailable"))
                    .as(user)
                    .isEqualTo(user.equals("away"));
        }
    }

    @Test
    void notification_to_an_unavailable_user_is_sent_even_if_the_request_is_strict() {
        put("away", "away");

        backend("POST", "/notifications")
                .body(Map.of(
                        "templateName",
                        "msdyn_chat_consult",
                        "templateParameters",
                        Map.of("customerName", "Ada"),
                        "userIds",
                        List.of("away")))
                .header("prefer", "handling=strict")
                .sendTo(fixture.manage)
                .is(201);
    }
}
