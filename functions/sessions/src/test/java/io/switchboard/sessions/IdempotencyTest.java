package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.template.TemplateKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code Idempotency-Key} on creates ({@code docs/decisions/0006-where-the-specifications-are-silent.md}). */
class IdempotencyTest {
    private final SessionFixture fixture = new SessionFixture();

    private ApiEvent keyed(Object body) {
        return fixture.post(body).header("idempotency-key", "call 7");
    }

    @Test
    void second_create_with_the_same_key_returns_the_first_session() {
        FunctionResponse first = keyed(CALL).sendTo(fixture.create).is(201);
        FunctionResponse second = keyed(CALL).sendTo(fixture.create).is(201);

        assertThat(first.headers()).doesNotContainKey("Idempotency-Replayed");
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.json()).isEqualTo(first.json());
        assertThat(fixture.get("/desk").at("openSessions")).isEqualTo(1);
    }

    @Test
    void replay_returns_the_current_session() {
        FunctionResponse first = keyed(CALL).sendTo(fixture.create).is(201);
        fixture.close(first.text("sessionId")).is(200);

        FunctionResponse replay = keyed(CALL).sendTo(fixture.create).is(201);

        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(replay.at("sessionId")).isEqualTo(first.at("sessionId"));
        assertThat(replay.at("status")).isEqualTo("closed");
        assertThat(fixture.get("/desk").at("openSessions")).isEqualTo(0);
    }

    @Test
    void replay_succeeds_after_the_template_was_deleted() {
        fixture.store(TemplateKind.SESSION_TEMPLATE, """
                {"uniqueName":"contoso_call","name":"Call","type":"generic","title":"{customer}",
                 "communicationPanelMode":"docked","anchorTab":"msdyn_omnichannel_kbsearch"}""");
        Map<String, Object> body =
                Map.of("templateName", "contoso_call", "templateParameters", Map.of("customer", "Contoso"));
        ApiEvent event = keyed(body).header("cache-control", "no-cache");
        FunctionResponse first = event.copy().sendTo(fixture.create).is(201);
        fixture.delete(TemplateKind.SESSION_TEMPLATE, "contoso_call");

        FunctionResponse replay = event.copy().sendTo(fixture.create).is(201);

        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(replay.json()).isEqualTo(first.json());
        fixture.post(body)
                .header("cache-control", "no-cache")
                .sendTo(fixture.create)
                .isError(422, "templateNotFound");
    }

    @Test
    void same_key_with_another_body_is_rejected_even_if_that_body_is_invalid() {
        keyed(CALL).sendTo(fixture.create).is(201);
        var before = fixture.tables.items();

        for (Object other : new Object[] {
            Map.of("templateName", "CallSessionTemplate"),
            Map.of("templateName", "contoso_nowhere"),
            Map.of("templateName", SessionFixture.CASE)
        }) {
            FunctionResponse answer = keyed(other).sendTo(fixture.create).isError(422, "idempotencyKeyReused");
            assertThat(answer.at("error.target")).isEqualTo("Idempotency-Key");
        }
        assertThat(fixture.tables.items()).isEqualTo(before);
    }

    @Test
    void malformed_body_is_rejected_before_its_key_is_checked() {
        keyed(CALL).sendTo(fixture.create).is(201);

        keyed(Map.of()).sendTo(fixture.create).isInvalid("required templateName");
    }

    @Test
    void replay_and_reuse_are_checked_before_the_limit() {
        SessionFixture one = new SessionFixture("SESSION_LIMIT", "1");
        ApiEvent event = one.post(CALL).header("idempotency-key", "call 7");
        FunctionResponse first = event.copy().sendTo(one.create).is(201);

        assertThat(event.copy().sendTo(one.create).is(201).at("sessionId")).isEqualTo(first.at("sessionId"));
        event.copy()
                .body(Map.of("templateName", "CallSessionTemplate"))
                .sendTo(one.create)
                .isError(422, "idempotencyKeyReused");
        event.copy().header("idempotency-key", "call 8").sendTo(one.create).isError(409, "sessionLimitReached");
    }

    @Test
    void same_key_of_another_user_tenant_or_route_is_independent() {
        FunctionResponse mine = keyed(CALL).sendTo(fixture.create).is(201);
        FunctionResponse otherUser =
                keyed(CALL).user("another user").sendTo(fixture.create).is(201);
        FunctionResponse otherTenant = keyed(CALL)
                .claim("tid", "fabrikam " + fixture.tenant)
                .sendTo(fixture.create)
                .is(201);
        FunctionResponse otherRoute = ApiEvent.of("POST", "/users/" + fixture.user + "/sessions")
                .backend("Sessions.ReadWrite.All")
                .claim("tid", fixture.tenant)
                .body(CALL)
                .header("idempotency-key", "call 7")
                .sendTo(fixture.create)
                .is(201);

        assertThat(java.util.Set.of(
                        mine.text("sessionId"),
                        otherUser.text("sessionId"),
                        otherTenant.text("sessionId"),
                        otherRoute.text("sessionId")))
                .hasSize(4);
        assertThat(otherRoute.headers()).doesNotContainKey("Idempotency-Replayed");
    }

    @Test
    void key_of_255_characters_is_accepted() {
        keyed(CALL)
                .header("idempotency-key", "k".repeat(255))
                .sendTo(fixture.create)
                .is(201);
        keyed(CALL)
                .header("idempotency-key", "k".repeat(256))
                .sendTo(fixture.create)
                .isInvalid("invalidIdempotencyKey Idempotency-Key");
    }
}
