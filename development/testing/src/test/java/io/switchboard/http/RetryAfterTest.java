package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.runtime.Dependency;
import io.switchboard.runtime.Unavailable;
import io.switchboard.text.Seed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private long now = 7;

    /** The random source always returns the largest number, so each response has the upper end of its range. */
    private final RetryAfter widest = new RetryAfter(() -> now, bound -> bound - 1);

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void range_grows_with_each_response_up_to_a_maximum() {
        List<Integer> ranges = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            ranges.add(widest.next());
        }

        assertThat(ranges.subList(0, 4)).containsExactly(3, 4, 5, 6);
        assertThat(ranges).isSorted();
        assertThat(ranges.getLast()).isEqualTo(20);
    }

    @Test
    void range_shrinks_after_throttling_ends() {
        for (int i = 0; i < 25; i++) {
            widest.next();
        }

        pass(Duration.ofSeconds(10));
        assertThat(widest.next()).isBetween(14, 16);
        pass(Duration.ofMinutes(2));
        assertThat(widest.next()).isEqualTo(3);
    }

    @Test
    void clock_set_back_does_not_widen_the_range() {
        widest.next();
        pass(Duration.ofHours(-5));

        assertThat(widest.next()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 30})
    void each_response_is_random_from_one_second_up_to_its_range(int answersBefore) {
        SplittableRandom random = Seed.random("each_answer_is_random");
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            RetryAfter retryAfter = new RetryAfter(() -> now, random::nextInt);
            int last = 0;
            for (int before = 0; before < answersBefore; before++) {
                last = retryAfter.next();
            }
            seen.add(last);
        }

        Set<Integer> range = new HashSet<>();
        for (int seconds = 1; seconds <= Math.min(20, 2 + answersBefore); seconds++) {
            range.add(seconds);
        }
        assertThat(seen).isEqualTo(range);
    }

    @Test
    void environments_return_different_waits() {
        Set<String> waits = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            for (boolean throttled : List.of(true, false)) {
                String wait = Refusal.of(new Unavailable(Dependency.DATABASE, throttled, "for the test"))
                        .headers()
                        .get("Retry-After");
                assertThat(wait).matches("[1-9]|1[0-9]|20");
                waits.add(wait);
            }
        }

        assertThat(waits).hasSizeGreaterThan(5);
    }
}
