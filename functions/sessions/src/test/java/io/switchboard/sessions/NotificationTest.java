package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.http.Route;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Race;
import io.switchboard.template.TemplateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Notifications over HTTP: the routes, their permissions, and rows N01 to N08 of the features. */
class NotificationTest {
    private static final String TEMPLATE = """
            {"uniqueName":"contoso_incoming","name":"Incoming","title":"{customerName}","timeout":20,
             "acceptButtonText":"Take {customerName}","rejectButtonText":"Not now","desktopNotification":"always",
             "theme":"light","icon":"/webresources/contoso_phone.svg",
             "fields":[{"name":"customer","fieldHeader":"Customer Name","value":"{customerName}"}]}""";
    private static final Map<String, Object> ADA = Map.of(
            "templateName",
            "contoso_incoming",
            "templateParameters",
            Map.of("customerName", "Ada"),
            "conversationId",
            "c-1",
            "session",
            CALL);

    private final SessionFixture fixture = new SessionFixture();
    private Instant now = Instant.parse("2026-11-30T10:00:00Z");
    private final SessionEnvironment environment = new SessionEnvironment(fixture.environment);
    private final ManageSessions manage = new ManageSessions(
            environment.sessionStore(),
            environment.applicationTabTemplates(),
            environment.recordSources(),
            environment,
            () -> now);

    NotificationTest() {
        fixture.store(TemplateKind.NOTIFICATION_TEMPLATE, TEMPLATE);
    }

    private ApiEvent agent(String user, String method, String path) {
        return ApiEvent.of(method, path).user(user).claim("tid", fixture.tenant).permissions("Sessions.ReadWrite");
    }

    private ApiEvent router(String method, String path) {
        return ApiEvent.of(method, path).backend("Sessions.ReadWrite.All").claim("tid", fixture.tenant);
    }

    private static Map<String, Object> with(Map<String, Object> body, Object... members) {
        Map<String, Object> all = new LinkedHashMap<>(body);
        for (int i = 0; i < members.length; i += 2) {
            all.put((String) members[i], members[i + 1]);
        }
        return all;
    }

    private FunctionResponse offer(Map<String, Object> body) {
        return router("POST", "/notifications").body(body).sendTo(manage);
    }

    private String offered(String... users) {
        return offer(with(ADA, "userIds", List.of(users))).is(201).text("notificationId");
    }

    private FunctionResponse act(String user, String id, String action) {
        return agent(user, "POST", "/notifications/" + id + "/" + action).sendTo(manage);
    }

    private FunctionResponse desk(String user) {
        return agent(user, "GET", "/desk").sendTo(manage).is(200);
    }

    private FunctionResponse sent(String id) {
        return router("GET", "/notifications/" + id).sendTo(manage);
    }

    /** N01, N03, N06: the template is rendered, and all of its settings arrive at the desk. */
    @Test
    void notification_is_rendered_from_its_template_and_displayed() {
        FunctionResponse created = offer(with(ADA, "userIds", List.of("ann", "bob"), "expiresInSeconds", 60))
                .is(201);

        assertThat(created.header("Location")).endsWith("/notifications/" + created.text("notificationId"));
        assertThat(created.text("title")).isEqualTo("Ada");
        assertThat(created.text("state")).isEqualTo("displayed");
        assertThat(created.at("targets")).isEqualTo(List.of(target("ann", "displayed"), target("bob", "displayed")));
        assertThat(created.text("expiresDateTime")).isEqualTo("2026-11-30T10:00:20Z");
        FunctionResponse desk = desk("ann");
        assertThat(desk.text("notifications[0].acceptButtonText")).isEqualTo("Take Ada");
        assertThat(desk.text("notifications[0].rejectButtonText")).isEqualTo("Not now");
        assertThat(desk.text("notifications[0].desktopNotification")).isEqualTo("always");
        assertThat(desk.text("notifications[0].theme")).isEqualTo("light");
        assertThat(desk.text("notifications[0].icon")).isEqualTo("/webresources/contoso_phone.svg");
        assertThat(desk.text("notifications[0].fields[0].value")).isEqualTo("Ada");
        assertThat(desk.text("notifications[0].displayedDateTime")).isEqualTo("2026-11-30T10:00:00Z");
        assertThat(desk.body()).doesNotContain("targets", "bob");
    }

    private static Map<String, Object> target(String user, String state) {
        Map<String, Object> target = new LinkedHashMap<>();
        target.put("userId", user);
        target.put("state", state);
        target.put("result", null);
        target.put("reason", null);
        return target;
    }

    @Test
    void desk_without_notifications_has_an_empty_list() {
        assertThat(desk("ann").at("notifications")).isEqualTo(List.of());
    }

    /** N02: accepting opens the session. */
    @Test
    void accept_opens_the_session_for_the_agent_with_the_senders_provider() {
        String id = offered("ann", "bob");

        FunctionResponse accepted = act("ann", id, "accept").is(200);

        assertThat(accepted.text("notification.state")).isEqualTo("accepted");
        assertThat(accepted.at("notification.result"))
                .isEqualTo(Map.of("actionName", "Accept", "responseReason", "Accept"));
        assertThat(accepted.text("session.title")).isEqualTo("Contoso");
        assertThat(accepted.text("session.conversationId")).isEqualTo("c-1");
        assertThat(accepted.text("session.provider")).isEqualTo(sent(id).text("provider"));
        assertThat(desk("ann").text("focusedSessionId")).isEqualTo(accepted.text("session.sessionId"));
        assertThat(act("ann", id, "accept").is(200).json()).isEqualTo(accepted.json());
        act("bob", id, "accept").isError(409, "notificationResolved");
        FunctionResponse bob =
                agent("bob", "GET", "/notifications/" + id).sendTo(manage).is(200);
        assertThat(bob.text("state")).isEqualTo("cancelled");
        assertThat(bob.at("sessionId")).isNull();
        assertThat(bob.body()).doesNotContain("ann");
        assertThat(sent(id).is(200).text("sessionId")).isEqualTo(accepted.text("session.sessionId"));
    }

    @Test
    void notification_without_a_session_opens_none() {
        String id = offer(Map.of("templateName", "contoso_incoming", "userIds", List.of("ann")))
                .is(201)
                .text("notificationId");

        assertThat(act("ann", id, "accept").is(200).at("session")).isNull();
        assertThat(desk("ann").at("openSessions")).isEqualTo(0);
    }

    @Test
    void reject_has_the_reason_of_the_agent() {
        String id = offered("ann");

        FunctionResponse rejected = agent("ann", "POST", "/notifications/" + id + "/reject")
                .body(Map.of("reason", "Not my language"))
                .sendTo(manage)
                .is(200);

        assertThat(rejected.text("result.responseReason")).isEqualTo("DeclinedByAgent");
        assertThat(rejected.text("state")).isEqualTo("rejected");
        assertThat(sent(id).text("targets[0].reason")).isEqualTo("Not my language");
        act("ann", id, "accept").isError(409, "notificationResolved");
    }

    @Test
    void time_out_is_the_result_of_a_displayed_and_of_a_queued_notification() {
        String displayed = offered("ann");
        String queued = offer(with(ADA, "userIds", List.of("ann"), "expiresInSeconds", 10))
                .is(201)
                .text("notificationId");
        assertThat(sent(queued).text("state")).isEqualTo("queued");
        assertThat(sent(queued).at("position")).isEqualTo(1);

        now = now.plusSeconds(20);

        assertThat(sent(displayed).at("result"))
                .isEqualTo(Map.of("actionName", "Timeout", "responseReason", "DisplayTimeout"));
        assertThat(sent(queued).at("result"))
                .isEqualTo(Map.of("actionName", "Reject", "responseReason", "NotificationQueueTimeLimitExceeded"));
        act("ann", displayed, "accept").isError(409, "notificationResolved");
        assertThat(desk("ann").at("notifications")).isEqualTo(List.of());
    }

    /** N04. */
    @Test
    void sender_withdraws_by_id_and_by_token() {
        String one = offered("ann");
        String other = offer(with(ADA, "userIds", List.of("bob"), "cancellationToken", "t 1/2"))
                .is(201)
                .text("notificationId");

        router("DELETE", "/notifications/" + one).sendTo(manage).is(204);
        router("DELETE", "/notifications/" + one).sendTo(manage).is(204);
        router("DELETE", "/notifications")
                .query("cancellationToken", "unknown")
                .sendTo(manage)
                .is(204);
        assertThat(sent(other).text("state")).isEqualTo("displayed");
        router("DELETE", "/notifications")
                .query("cancellationToken", "t 1/2")
                .sendTo(manage)
                .is(204);

        assertThat(sent(one).text("result.actionName")).isEqualTo("Cancel");
        assertThat(sent(other).text("state")).isEqualTo("cancelled");
        act("bob", other, "accept").isError(409, "notificationResolved");
        router("DELETE", "/notifications").sendTo(manage).isInvalid("required cancellationToken");
    }

    @Test
    void accepted_notification_cannot_be_withdrawn() {
        String id = offered("ann");
        act("ann", id, "accept").is(200);

        router("DELETE", "/notifications/" + id).sendTo(manage).isError(409, "notificationResolved");
    }

    /** N05: the eleventh that would wait is stored as rejected, and not answered as an error. */
    @Test
    void desk_displays_one_and_queues_ten() {
        for (int i = 0; i < 11; i++) {
            offered("ann");
        }

        FunctionResponse full = offer(with(ADA, "userIds", List.of("ann"))).is(201);

        assertThat(full.at("result"))
                .isEqualTo(Map.of("actionName", "Reject", "responseReason", "NotificationQueueLimitExceeded"));
        assertThat(desk("ann").each("notifications", "position")).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(desk("ann").each("notifications", "state")).startsWith("displayed", "queued");
    }

    /** N03. */
    @Test
    void template_accepts_automatically_and_stays_displayed_at_the_limit() {
        fixture.store(TemplateKind.NOTIFICATION_TEMPLATE, """
                {"uniqueName":"contoso_auto","name":"Auto","title":"Auto","autoAccept":true,"timeout":0}""");

        FunctionResponse first = offer(with(ADA, "templateName", "contoso_auto", "userIds", List.of("ann")))
                .is(201);
        assertThat(first.at("result")).isEqualTo(Map.of("actionName", "AutoAccept", "responseReason", "AutoAccept"));
        assertThat(desk("ann").text("focusedSessionId")).isEqualTo(first.text("sessionId"));
        for (int i = 1; i < 10; i++) {
            act("ann", offered("ann"), "accept").is(200);
        }

        FunctionResponse second = offer(with(ADA, "templateName", "contoso_auto", "userIds", List.of("ann")))
                .is(201);
        assertThat(second.text("state")).isEqualTo("displayed");
        act("ann", second.text("notificationId"), "accept").isError(409, "sessionLimitReached");
        assertThat(desk("ann").each("notifications", "state")).containsExactly("displayed");
    }

    /** N07: the documented errors of the Channel Integration Framework have codes here. */
    @Test
    void errors_name_their_cause() {
        offer(with(ADA, "templateName", "contoso_missing", "userIds", List.of("ann")))
                .isError(422, "templateNotFound");
        fixture.store(TemplateKind.NOTIFICATION_TEMPLATE, """
                {"uniqueName":"contoso_old","name":"Old","title":"Old","status":"inactive"}""");
        offer(with(ADA, "templateName", "contoso_old", "userIds", List.of("ann")))
                .isError(422, "templateInactive");
        offer(with(ADA, "session", Map.of("templateName", "contoso_missing"), "userIds", List.of("ann")))
                .isError(422, "templateNotFound");
        offer(with(ADA, "session", Map.of("isFocused", "yes"), "userIds", List.of("ann")))
                .isInvalid("wrongType session.isFocused", "required session.templateName");
        FunctionResponse lenient = offer(Map.of("templateName", "contoso_incoming", "userIds", List.of("ann")))
                .is(201);
        assertThat(lenient.each("warnings", "code")).contains("unresolvedSlug", "unknownUser");
        router("POST", "/notifications")
                .body(Map.of("templateName", "contoso_incoming", "userIds", List.of("ann")))
                .header("prefer", "handling=strict")
                .sendTo(manage)
                .isError(422, "unresolvedSlug");
        router("POST", "/notifications")
                .body(with(ADA, "userIds", List.of("unknown")))
                .header("prefer", "handling=strict")
                .sendTo(manage)
                .isError(422, "unknownUser");
    }

    /** N08: each situation of a channel has a template. */
    @Test
    void built_in_templates_of_situations_can_be_used() {
        for (String situation : List.of(
                "incoming_authenticated", "incoming_unauthenticated", "consult", "transfer", "supervisor_assign")) {
            offer(Map.of("templateName", "msdyn_voice_" + situation, "userIds", List.of("ann")))
                    .is(201);
        }
    }

    @Test
    void malformed_bodies_are_reported_completely() {
        offer(Map.of(
                        "templateName",
                        "",
                        "userIds",
                        List.of("ann", "ann"),
                        "expiresInSeconds",
                        0,
                        "onTimeout",
                        Map.of("userIds", List.of(), "expiresInSeconds", 3_601),
                        "sesion",
                        Map.of()))
                .isInvalid(
                        "required templateName",
                        "duplicateValue userIds[1]",
                        "invalidValue expiresInSeconds",
                        "required onTimeout.userIds",
                        "invalidValue onTimeout.expiresInSeconds",
                        "unknownProperty sesion");
        Map<String, Object> deep = Map.of("userIds", List.of("u"));
        for (int i = 0; i < 5; i++) {
            deep = Map.of("userIds", List.of("u"), "onTimeout", deep);
        }
        offer(with(ADA, "userIds", List.of("ann"), "onTimeout", deep))
                .isInvalid("tooMany onTimeout.onTimeout.onTimeout.onTimeout.onTimeout.onTimeout");
    }

    @Test
    void session_outside_the_profile_is_a_warning_at_first_and_refused_at_accept() {
        fixture.store(TemplateKind.APP_PROFILE, """
                {"uniqueName":"contoso_voice","name":"Voice","isDefault":true,"genericSessionTemplates":"listed"}""");

        FunctionResponse created = offer(with(ADA, "userIds", List.of("ann"))).is(201);

        assertThat(created.each("warnings", "code")).contains("templateNotInProfile");
        String id = created.text("notificationId");
        act("ann", id, "accept").isError(403, "templateNotInProfile");
        assertThat(sent(id).text("state")).isEqualTo("displayed");
        assertThat(desk("ann").each("notifications", "state")).containsExactly("displayed");
    }

    @Test
    void profile_of_each_user_is_checked_and_only_the_sender_learns_the_result() {
        fixture.store(TemplateKind.APP_PROFILE, """
                {"uniqueName":"contoso_chat","name":"Chat","genericSessionTemplates":"listed"}""");
        fixture.assign("contoso_chat", "bob");
        fixture.assign("contoso_chat", "dora");

        FunctionResponse created = offer(with(ADA, "userIds", List.of("ann", "bob", "carl", "dora")))
                .is(201);

        assertThat(created.each("warnings", "message").stream()
                        .map(String::valueOf)
                        .filter(message -> message.contains("contoso_chat"))
                        .map(message -> message.substring(0, message.indexOf(" accepts"))))
                .containsExactly("If the user bob", "If the user dora");
        assertThat(desk("bob").body()).doesNotContain("templateNotInProfile", "dora");
        router("POST", "/notifications")
                .body(with(ADA, "userIds", List.of("ann", "bob")))
                .header("prefer", "handling=strict")
                .sendTo(manage)
                .isError(403, "templateNotInProfile");
    }

    @Test
    void idempotency_key_makes_one_notification() {
        Map<String, Object> body = with(ADA, "userIds", List.of("ann"));
        ApiEvent event =
                router("POST", "/notifications").header("idempotency-key", "k").body(body);
        FunctionResponse first = event.sendTo(manage).is(201);
        act("ann", first.text("notificationId"), "reject").is(200);

        FunctionResponse again = event.sendTo(manage).is(201);
        fixture.delete(TemplateKind.NOTIFICATION_TEMPLATE, "contoso_incoming");
        FunctionResponse withoutTemplate =
                event.copy().header("cache-control", "no-cache").sendTo(manage).is(201);

        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.text("notificationId")).isEqualTo(first.text("notificationId"));
        assertThat(again.text("state")).isEqualTo("rejected");
        assertThat(withoutTemplate.text("notificationId")).isEqualTo(first.text("notificationId"));
        router("POST", "/notifications")
                .header("idempotency-key", "k")
                .body(with(body, "conversationId", "c-2", "templateName", "msdyn_chat_incoming_unauthenticated"))
                .sendTo(manage)
                .isError(422, "idempotencyKeyReused");
    }

    @Test
    void sender_lists_what_it_sent() {
        String first = offered("ann");
        now = now.plusSeconds(1);
        String second = offered("ann");
        act("ann", first, "reject").is(200);

        assertThat(listed("")).containsExactly(second, first);
        assertThat(listed("rejected")).containsExactly(first);
        assertThat(listed("displayed")).containsExactly(second);
        router("GET", "/notifications").query("state", "open").sendTo(manage).isInvalid("invalidValue state");
        assertThat(agent("ann", "GET", "/notifications").sendTo(manage).is(200).at("value"))
                .isEqualTo(List.of());
        FunctionResponse page = router("GET", "/notifications")
                .query("$top", "1")
                .sendTo(manage)
                .is(200);
        assertThat(page.each("value", "notificationId")).containsExactly(second);
        FunctionResponse rest = ApiEvent.follow(page.text("@odata.nextLink"))
                .backend("Sessions.ReadWrite.All")
                .claim("tid", fixture.tenant)
                .sendTo(manage)
                .is(200);
        assertThat(rest.each("value", "notificationId")).containsExactly(first);
    }

    private List<Object> listed(String state) {
        ApiEvent event = router("GET", "/notifications");
        return (state.isEmpty() ? event : event.query("state", state))
                .sendTo(manage)
                .is(200)
                .each("value", "notificationId");
    }

    @Test
    void agent_notifies_itself_only() {
        FunctionResponse own =
                agent("ann", "POST", "/notifications").body(ADA).sendTo(manage).is(201);
        assertThat(own.text("targets[0].userId")).isEqualTo("ann");
        agent("ann", "POST", "/notifications")
                .body(with(ADA, "userIds", List.of("bob")))
                .sendTo(manage)
                .isError(403, "permissionRequired");
        agent("ann", "POST", "/notifications")
                .body(with(ADA, "onTimeout", Map.of("userIds", List.of("bob"))))
                .sendTo(manage)
                .isError(403, "permissionRequired");
        router("POST", "/notifications").body(ADA).sendTo(manage).isError(403, "userRequired");
        agent("ann", "GET", "/notifications")
                .permissions("Templates.Read")
                .sendTo(manage)
                .isError(403, "permissionRequired");
    }

    /** Any route that requires a permission rejects tokens without it, before it looks for a notification. */
    @Test
    void each_route_requires_one_of_its_permissions() {
        List<String> tokens = List.of(
                "Sessions.Read",
                "Sessions.ReadWrite",
                "Sessions.ReadWrite.Provider",
                "Sessions.ReadWrite.All",
                "openid");
        int checked = 0;
        for (Route route : manage.routes().routes()) {
            if (!route.pattern().contains("/notifications")) {
                continue;
            }
            String path = route.pattern()
                    .replace("{userId}", "ann")
                    .replace("{notificationId}", "0b9a1c5e-3a68-4f0e-9d57-6f0c3d2f8a01");
            boolean isBelowUsers = route.pattern().startsWith("/users");
            boolean isAnswer =
                    route.pattern().endsWith("/accept") || route.pattern().endsWith("/reject");
            for (String token : tokens) {
                boolean isAllowed = token.equals("Sessions.ReadWrite.All")
                        ? isBelowUsers || !isAnswer
                        : !isBelowUsers
                                && (token.startsWith("Sessions.ReadWrite")
                                        || (token.equals("Sessions.Read")
                                                && route.method().equals("GET")));
                FunctionResponse response = agent("ann", route.method(), path)
                        .permissions(token)
                        .body(Map.of())
                        .sendTo(manage);
                assertThat(response.status() == 403)
                        .as("%s %s with %s: %s", route.method(), path, token, response.body())
                        .isEqualTo(!isAllowed);
                checked++;
            }
            agent("ann", route.method(), path).withoutClaims().sendTo(manage).isError(401, "unauthorized");
        }
        assertThat(checked).isEqualTo(10 * tokens.size());
    }

    @Test
    void foreign_notification_does_not_exist() {
        String id = offered("ann");

        for (String action : List.of("accept", "reject")) {
            act("eve", id, action).isError(404, "notFound");
        }
        agent("eve", "GET", "/notifications/" + id).sendTo(manage).isError(404, "notFound");
        agent("eve", "DELETE", "/notifications/" + id).sendTo(manage).isError(404, "notFound");
        agent("ann", "GET", "/notifications/" + id)
                .claim("tid", "other tenant")
                .sendTo(manage)
                .isError(404, "notFound");
        agent("ann", "GET", "/notifications/not-an-id").sendTo(manage).isError(404, "notFound");
        agent("ann", "GET", "/notifications/" + id)
                .permissions("Sessions.ReadWrite.Provider")
                .claim("azp", "another application")
                .sendTo(manage)
                .isError(404, "notFound");
        assertThat(agent("ann", "GET", "/desk")
                        .permissions("Sessions.ReadWrite.Provider")
                        .claim("azp", "another application")
                        .sendTo(manage)
                        .is(200)
                        .at("notifications"))
                .isEqualTo(List.of());
    }

    @Test
    void backend_accepts_and_rejects_for_a_user() {
        String accepted = router("POST", "/users/ann/notifications")
                .body(ADA)
                .sendTo(manage)
                .is(201)
                .text("notificationId");
        String rejected = offered("bob");

        router("POST", "/users/ann/notifications/" + accepted + "/accept")
                .sendTo(manage)
                .is(200);
        router("POST", "/users/bob/notifications/" + rejected + "/reject")
                .sendTo(manage)
                .is(200);

        assertThat(desk("ann").at("openSessions")).isEqualTo(1);
        assertThat(sent(rejected).text("state")).isEqualTo("rejected");
        router("POST", "/users/ann/notifications")
                .body(with(ADA, "userIds", List.of("bob")))
                .sendTo(manage)
                .isInvalid("notAllowed userIds");
        agent("ann", "POST", "/users/ann/notifications/" + rejected + "/accept")
                .sendTo(manage)
                .isError(403, "permissionRequired");
    }

    @Test
    void next_users_are_asked_after_a_time_out() {
        String id = offer(with(
                        ADA,
                        "userIds",
                        List.of("ann"),
                        "onTimeout",
                        Map.of("userIds", List.of("eve"), "expiresInSeconds", 30)))
                .is(201)
                .text("notificationId");
        now = now.plusSeconds(21);

        environment
                .offerStore()
                .resolve(fixture.tenant, id, environment.offerFactory().automatic(now), now);

        assertThat(sent(id).at("attempt")).isEqualTo(2);
        assertThat(sent(id).text("targets[0].userId")).isEqualTo("eve");
        assertThat(desk("ann").at("notifications")).isEqualTo(List.of());
        assertThat(act("eve", id, "accept").is(200).text("notification.state")).isEqualTo("accepted");
        act("ann", id, "accept").isError(409, "notificationResolved");
    }

    @Test
    void resolved_notification_is_kept_for_a_day() {
        String id = offered("ann");
        act("ann", id, "reject").is(200);
        now = now.plus(Duration.ofHours(24)).minusSeconds(1);
        assertThat(sent(id).is(200).text("state")).isEqualTo("rejected");
        now = now.plusSeconds(1);
        sent(id).isError(404, "notFound");
    }

    @Test
    void sixty_four_requests_accept_one_notification_and_one_session_opens() {
        String[] users = new String[25];
        for (int i = 0; i < users.length; i++) {
            users[i] = "agent" + i;
        }
        String id = offered(users);

        List<FunctionResponse> responses = Race.of(64, i -> act(users[i % 25], id, "accept"));

        List<String> opened = new ArrayList<>();
        for (FunctionResponse response : responses) {
            if (response.status() == 200) {
                opened.add(response.text("session.sessionId"));
            } else {
                response.isError(409, "notificationResolved");
            }
        }
        assertThat(opened).isNotEmpty().containsOnly(sent(id).text("sessionId"));
    }
}
