package io.switchboard.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.dynamodb.WriteLoop.Attempt;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.Unavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WriteLoopTest {
    @Test
    void attempt_starts_from_the_state_that_the_previous_attempt_found() {
        List<Integer> starts = new ArrayList<>();

        String outcome = WriteLoop.until("never", 1, seen -> {
            starts.add(seen);
            return seen < 8 ? new Attempt.Overtaken<>(seen * 2) : new Attempt.Done<>("done");
        });

        assertThat(outcome).isEqualTo("done");
        assertThat(starts).containsExactly(1, 2, 4, 8);
    }

    @Test
    void attempt_is_repeated_until_it_has_an_outcome() {
        List<String> attempts = new ArrayList<>();

        String outcome = WriteLoop.until("never", () -> {
            attempts.add("attempt");
            return attempts.size() < 3 ? null : "done";
        });

        assertThat(outcome).isEqualTo("done");
        assertThat(attempts).hasSize(3);
    }

    @Test
    void loop_without_time_left_reports_the_contention() {
        Deadline past = Deadline.in(Duration.ZERO);

        assertThatThrownBy(() -> past.during(
                        () -> WriteLoop.until("the desk kept changing", 1, seen -> new Attempt.Overtaken<>(seen))))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("the desk kept changing");
    }
}
