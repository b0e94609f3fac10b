package io.switchboard.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
    @Test
    void time_left_shrinks_and_never_becomes_negative() throws InterruptedException {
        Deadline deadline = Deadline.in(Duration.ofMillis(50));
        Duration first = deadline.during(Deadline::left);
        assertThat(first).isPositive().isLessThanOrEqualTo(Duration.ofMillis(50));
        Thread.sleep(60);
        assertThat(deadline.during(Deadline::left)).isZero();
        assertThat(Deadline.in(Duration.ofSeconds(-5)).during(Deadline::left)).isZero();
    }

    @Test
    void deadline_counts_for_its_own_request_only() {
        Duration outer = Deadline.left();
        Duration inner = Deadline.in(Duration.ofSeconds(2)).during(Deadline::left);
        Duration nested = Deadline.in(Duration.ofSeconds(2))
                .during(() -> Deadline.in(Duration.ofSeconds(1)).during(Deadline::left));

        assertThat(inner).isLessThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(nested).isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(Deadline.left()).isEqualTo(outer).isGreaterThan(Duration.ofSeconds(2));
    }
}
