package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.template.TemplateKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Hand-overs over HTTP: an agent offers a session, and a backend can also move it at once. */
class HandOverTest {
    private final SessionFixture fixture = new SessionFixture();
    private final String bob = "bob-" + fixture.user;
    private final String id = fixture.session();
    private final String path = "/sessions/" + id;
    private Instant now = Instant.now();

    private FunctionResponse handOver(Map<String, Object> body) {
        return fixture.act(path + "/handOver", body);
    }

    private ApiEvent as(String user, String method, String target) {
        return fixture.event(method, target).user(user);
    }

    private FunctionResponse answer(String notification, String action) {
        return as(bob, "POST", "/notifications/" + notification + "/" + action).sendTo(fixture.manage);
    }

    private String offered() {
        return handOver(Map.of("userId", bob)).is(200).text("handOver.notificationId");
    }

    @Test
    void session_stays_with_a_mark_until_the_colleague_accepts() {
        FunctionResponse offered = handOver(Map.of("userId", bob, "note", "Please call back.", "expiresInSeconds", 60))
                .is(200);

        assertThat(offered.text("sessionId")).isEqualTo(id);
        assertThat(offered.text("handOver.userId")).isEqualTo(bob);
        assertThat(Instant.parse(offered.text("handOver.expiresDateTime")))
                .isBetween(now.plusSeconds(50), now.plusSeconds(120));
        assertThat(fixture.get(path).is(200).at("handOver")).isEqualTo(offered.at("handOver"));
        assertThat(fixture.get("/desk").at("sessions[1].handOver")).isEqualTo(offered.at("handOver"));
        FunctionResponse desk = as(bob, "GET", "/desk").sendTo(fixture.manage).is(200);
        assertThat(desk.each("sessions", "sessionId")).containsExactly("home");
        assertThat(desk.text("notifications[0].templateName")).isEqualTo("switchboard_hand_over");
        assertThat(desk.each("notifications", "notificationId")).containsExactly(offered.at("handOver.notificationId"));
        assertThat(desk.at("notifications[0].handOver"))
                .isEqualTo(Map.of("sessionId", id, "userId", fixture.user, "note", "Please call back."));
        assertThat(desk.at("notifications[0].fields[0].value")).isEqualTo("Contoso");
        assertThat(desk.at("notifications[0].fields[1].value")).isEqualTo(fixture.user);
        assertThat(desk.at("notifications[0].fields[2].value")).isEqualTo("Please call back.");

        FunctionResponse accepted =
                answer(offered.text("handOver.notificationId"), "accept").is(200);

        assertThat(accepted.text("notification.state")).isEqualTo("accepted");
        assertThat(accepted.text("notification.sessionId")).isEqualTo(id);
        FunctionResponse theirs = as(bob, "GET", path).sendTo(fixture.manage).is(200);
        assertThat(accepted.at("session")).isEqualTo(theirs.json());
        assertThat(theirs.json()).containsEntry("handOver", null).containsEntry("focusRequested", true);
        fixture.get(path).isError(404, "notFound");
        // A sender that did not learn of it repeats its request.
        assertThat(handOver(Map.of("userId", bob)).is(200).json()).isEqualTo(theirs.json());
    }

    @Test
    void rejected_and_withdrawn_offers_leave_the_session_without_a_mark() {
        String rejected = offered();
        answer(rejected, "reject").is(200);
        assertThat(fixture.get(path).is(200).at("handOver")).isNull();
        assertThat(fixture.get("/notifications/" + rejected).text("state")).isEqualTo("rejected");

        String withdrawn = offered();
        as(bob, "DELETE", "/notifications/" + withdrawn).sendTo(fixture.manage).isError(404, "notFound");
        fixture.delete("/notifications/" + withdrawn).is(204);
        assertThat(fixture.get(path).is(200).at("handOver")).isNull();
        answer(withdrawn, "accept").isError(409, "notificationResolved");
        answer(rejected, "accept").isError(409, "notificationResolved");
    }

    @Test
    void repeated_hand_over_is_the_same_offer_and_another_user_conflicts() {
        FunctionResponse first = handOver(Map.of("userId", bob)).is(200);

        assertThat(handOver(Map.of("userId", bob, "note", "again")).is(200).at("handOver"))
                .isEqualTo(first.at("handOver"));
        handOver(Map.of("userId", "eve")).isError(409, "handOverPending");
        fixture.delete("/notifications/" + first.text("handOver.notificationId"))
                .is(204);
        handOver(Map.of("userId", "eve")).is(200);
    }

    @Test
    void closed_and_deleted_session_is_not_offered_any_more() {
        String first = offered();
        fixture.close(id).is(200);
        answer(first, "accept").isError(409, "notificationResolved");
        fixture.act(path + "/reopen").is(200);
        String second = offered();
        fixture.delete(path).is(204);
        answer(second, "accept").isError(409, "notificationResolved");
        assertThat(as(bob, "GET", "/desk").sendTo(fixture.manage).at("notifications"))
                .isEqualTo(List.of());
    }

    @Test
    void limit_and_app_profile_of_the_receiver_count_at_the_accept() {
        SessionFixture small = new SessionFixture("SESSION_LIMIT", "1");
        String session = small.session();
        small.post(SessionFixture.CALL).user("bob").sendTo(small.create).is(201);
        String notification = small.act("/sessions/" + session + "/handOver", Map.of("userId", "bob"))
                .is(200)
                .text("handOver.notificationId");
        String accept = "/notifications/" + notification + "/accept";
        small.event("POST", accept).user("bob").sendTo(small.manage).isError(409, "sessionLimitReached");
        assertThat(small.get("/sessions/" + session).text("handOver.notificationId"))
                .isEqualTo(notification);

        fixture.store(TemplateKind.APP_PROFILE, """
                {"uniqueName":"contoso_voice","name":"Voice","isDefault":true,"genericSessionTemplates":"listed"}""");
        String second = offered();
        answer(second, "accept").isError(403, "templateNotInProfile");
        assertThat(fixture.get("/notifications/" + second).text("state")).isEqualTo("displayed");
        assertThat(fixture.get(path).text("handOver.notificationId")).isEqualTo(second);
    }

    @Test
    void only_a_backend_moves_a_session_at_once() {
        handOver(Map.of("userId", bob, "immediate", true)).isError(403, "permissionRequired");
        assertThat(fixture.get(path).is(200).at("handOver")).isNull();
        String users = "/users/" + fixture.user + path + "/handOver";
        backend(users)
                .body(Map.of("userId", bob, "immediate", true, "note", "x"))
                .sendTo(fixture.manage)
                .isInvalid("notAllowed note");

        String pending = backend(users)
                .body(Map.of("userId", bob))
                .sendTo(fixture.manage)
                .is(200)
                .text("handOver.notificationId");
        backend(users)
                .body(Map.of("userId", bob, "immediate", true))
                .sendTo(fixture.manage)
                .is(200);

        as(bob, "GET", path).sendTo(fixture.manage).is(200);
        answer(pending, "accept").isError(409, "notificationResolved");
    }

    private ApiEvent backend(String target) {
        return ApiEvent.of("POST", target).backend("Sessions.ReadWrite.All").claim("tid", fixture.tenant);
    }

    @Test
    void template_neither_accepts_for_the_colleague_nor_shortens_the_time() {
        fixture.store(TemplateKind.NOTIFICATION_TEMPLATE, """
                {"uniqueName":"contoso_hand_over","name":"Hand-over","title":"Take {title}","autoAccept":true,
                 "timeout":5,"fields":[{"name":"x","value":"{unknown}"}]}""");

        FunctionResponse offered = handOver(
                        Map.of("userId", bob, "templateName", "contoso_hand_over", "expiresInSeconds", 600))
                .is(200);

        assertThat(offered.each("warnings", "code")).contains("unknownUser", "unresolvedSlug");
        assertThat(fixture.get(path).each("warnings", "code")).doesNotContain("unresolvedSlug");
        FunctionResponse desk = as(bob, "GET", "/desk").sendTo(fixture.manage).is(200);
        assertThat(desk.text("notifications[0].title")).isEqualTo("Take Contoso");
        assertThat(desk.at("notifications[0].expiresDateTime")).isEqualTo(offered.at("handOver.expiresDateTime"));
        assertThat(desk.at("notifications[0].state")).isEqualTo("displayed");
    }

    @Test
    void bodies_and_templates_are_checked() {
        handOver(Map.of("userId", bob, "expiresInSeconds", 0)).isInvalid("invalidValue expiresInSeconds");
        handOver(Map.of("userId", bob, "expiresInSeconds", 3_601, "note", "x".repeat(501), "immediate", "yes"))
                .isInvalid("tooLong note", "wrongType immediate", "invalidValue expiresInSeconds");
        handOver(Map.of("userId", bob, "templateName", "contoso_missing")).isError(422, "templateNotFound");
        fixture.patch(path, Map.of("handOver", Map.of("userId", bob))).isInvalid("readOnlyMember handOver");
        assertThat(fixture.get(path).is(200).at("handOver")).isNull();
    }

    @Test
    void full_queue_is_a_warning_and_the_session_stays() {
        for (int i = 0; i < 11; i++) {
            ApiEvent.of("POST", "/users/" + bob + "/notifications")
                    .backend("Sessions.ReadWrite.All")
                    .claim("tid", fixture.tenant)
                    .body(Map.of("templateName", "msdyn_chat_consult"))
                    .sendTo(fixture.manage)
                    .is(201);
        }

        FunctionResponse refused = handOver(Map.of("userId", bob)).is(200);

        assertThat(refused.at("handOver")).isNull();
        assertThat(refused.each("warnings", "code")).containsExactly("notificationQueueFull");
        assertThat(fixture.get("/notifications").each("value", "state")).containsExactly("rejected");
    }
}
