package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Race;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The limit of open sessions, and races of callers for one id and one slot. */
class LimitAndRaceTest {
    private static final int CALLERS = 64;

    @Test
    void eleventh_session_is_rejected_until_one_is_closed() {
        SessionFixture fixture = new SessionFixture();
        String first = fixture.session();
        for (int i = 1; i < 10; i++) {
            fixture.session();
        }
        var before = fixture.tables.items();

        FunctionResponse refused = fixture.create(CALL).isError(409, "sessionLimitReached");

        assertThat(refused.text("error.message")).contains("10");
        assertThat(fixture.tables.items()).isEqualTo(before);
        FunctionResponse desk = fixture.get("/desk").is(200);
        assertThat(desk.at("openSessions")).isEqualTo(10);
        assertThat(desk.at("canCreateSession")).isEqualTo(false);
        fixture.close(first).is(200);
        fixture.session();
    }

    @RepeatedTest(2)
    void concurrent_callers_with_one_key_get_the_same_session() {
        SessionFixture fixture = new SessionFixture();

        List<FunctionResponse> answers = Race.of(
                CALLERS,
                caller -> fixture.post(CALL).header("idempotency-key", "one").sendTo(fixture.create));

        assertThat(answers).allMatch(answer -> answer.status() == 201);
        assertThat(answers.stream().map(answer -> answer.text("sessionId")).distinct())
                .hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.header("Idempotency-Replayed") == null))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(fixture.get("/desk").at("openSessions")).isEqualTo(1);
    }

    @RepeatedTest(2)
    void one_of_64_callers_gets_the_last_slot_and_the_others_get_409() {
        SessionFixture fixture = new SessionFixture("SESSION_LIMIT", "3");
        fixture.session();
        fixture.session();

        List<FunctionResponse> answers = Race.of(
                CALLERS,
                caller -> fixture.post(CALL)
                        .header("idempotency-key", "caller " + caller)
                        .sendTo(fixture.create));

        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.status() != 201))
                .hasSize(CALLERS - 1)
                .allSatisfy(answer -> answer.isError(409, "sessionLimitReached"));
        assertThat(fixture.get("/desk").at("openSessions")).isEqualTo(3);
        assertThat(fixture.get("/sessions").each("value", "sessionId")).hasSize(3);
    }

    @Test
    void one_of_64_bodies_with_the_same_key_wins() {
        SessionFixture fixture = new SessionFixture();

        List<FunctionResponse> answers = Race.of(
                CALLERS,
                caller -> fixture.post(Map.of(
                                "templateName",
                                "CallSessionTemplate",
                                "templateParameters",
                                Map.of("customer", "Contoso " + caller)))
                        .header("idempotency-key", "one")
                        .sendTo(fixture.create));

        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.status() != 201))
                .allSatisfy(answer -> answer.isError(422, "idempotencyKeyReused"));
    }

    @Test
    void concurrent_closes_free_one_slot_and_return_the_same_session() {
        SessionFixture fixture = new SessionFixture();
        String id = fixture.session();
        fixture.session();

        List<FunctionResponse> answers = Race.of(CALLERS, caller -> fixture.close(id));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.is(200).at("status")).isEqualTo("closed"));
        assertThat(answers.stream().map(answer -> answer.text("closedDateTime")).distinct())
                .hasSize(1);
        assertThat(fixture.get("/desk").at("openSessions")).isEqualTo(1);
    }
}
