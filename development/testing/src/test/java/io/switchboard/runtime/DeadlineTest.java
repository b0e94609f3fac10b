package io.switchboard.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DeadlineTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private final ManualTicker ticker = new ManualTicker();

    @Test
    void remaining_time_decreases_and_is_never_negative() {
        Deadline deadline = Deadline.in(TWO_SECONDS, ticker);

        assertThat(deadline.during(Deadline::left)).isEqualTo(TWO_SECONDS);
        ticker.advance(Duration.ofMillis(1_900));
        assertThat(deadline.during(Deadline::left)).isEqualTo(Duration.ofMillis(100));
        ticker.advance(Duration.ofMillis(101));
        assertThat(deadline.during(Deadline::left)).isZero();
        assertThat(Deadline.in(Duration.ofSeconds(-5), ticker).during(Deadline::left))
                .isZero();
    }

    @Test
    void deadline_applies_to_its_own_request_only() {
        Duration outer = Deadline.left();
        Duration inner = Deadline.in(TWO_SECONDS, ticker).during(Deadline::left);
        Duration nested = Deadline.in(TWO_SECONDS, ticker)
                .during(() -> Deadline.in(Duration.ofSeconds(1), ticker).during(Deadline::left));

        assertThat(inner).isEqualTo(TWO_SECONDS);
        assertThat(nested).isEqualTo(Duration.ofSeconds(1));
        assertThat(Deadline.left()).isEqualTo(outer).isGreaterThan(TWO_SECONDS);
    }

    @Test
    void nested_deadline_uses_the_ticker_of_the_request() {
        Duration left = Deadline.in(TWO_SECONDS, ticker).during(() -> {
            Deadline nested = Deadline.in(Duration.ofSeconds(1));
            ticker.advance(Duration.ofMillis(300));
            return nested.during(Deadline::left);
        });

        assertThat(left).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void system_ticker_applies_outside_of_requests() {
        assertThat(Deadline.in(TWO_SECONDS, ticker).during(Deadline::ticker)).isSameAs(ticker);
        assertThat(Deadline.ticker()).isSameAs(Ticker.system());

        long before = System.nanoTime();
        long read = Ticker.system().read();
        assertThat(read - before).isNotNegative();
        assertThat(System.nanoTime() - read).isNotNegative();
    }
}
