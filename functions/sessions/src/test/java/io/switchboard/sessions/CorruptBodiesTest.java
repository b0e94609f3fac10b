package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.Corruptions;
import io.switchboard.replay.EventCase;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Thousands of corrupt bodies, derived from each valid one in {@code events/}. They cause no fault, and a rejected
 * request writes nothing.
 */
class CorruptBodiesTest {
    private static final int AT_LEAST = 2_000;

    @Test
    void corrupt_body_is_rejected_or_served_without_a_fault() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("corrupt bodies of creates: -Dseed=" + seed);
        Corruptions corruptions = new Corruptions(new Random(seed));
        Tables tables = new Tables();
        CreateSession create = new CreateSession(tables.environment());
        List<EventCase> valid = EventCase.of("CreateSession").stream()
                .filter(each -> each.outcome().equals("201"))
                .filter(each -> ApiEvent.of(each).body().startsWith("{"))
                .toList();
        Set<String> created = new HashSet<>();
        int sent = 0;
        for (EventCase each : valid) {
            // A path with a user would override the user of each body.
            ApiEvent event = ApiEvent.of("POST", "/sessions");
            for (String body : corruptions.of(ApiEvent.of(each).body(), 45)) {
                String user = "user" + sent++;
                FunctionResponse answer = event.copy().user(user).text(body).sendTo(create);
                assertThat(answer.status())
                        .as("-Dseed=%d %s\n%s\n%s %s", seed, each.name(), body, answer.body(), answer.log())
                        .isIn(201, 400, 422);
                if (answer.status() == 201) {
                    created.add("contoso#" + user);
                } else {
                    answer.isErrorBody();
                }
            }
        }
        assertThat(sent).isGreaterThan(AT_LEAST);
        assertThat(created).isNotEmpty();
        Set<String> owners = new HashSet<>();
        tables.items()
                .forEach(item -> owners.add(
                        java.util.Objects.requireNonNull(item.get("owner")).s()));
        assertThat(owners).as("-Dseed=%d", seed).isEqualTo(created);
    }
}
