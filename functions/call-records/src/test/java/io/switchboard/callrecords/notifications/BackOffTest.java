package io.switchboard.callrecords.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.Seed;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackOffTest {
    @ParameterizedTest
    @CsvSource({
        "1, 10",
        "2, 20",
        "3, 40",
        "4, 80",
        "5, 160",
        "6, 320",
        "7, 640",
        "8, 1280",
        "9, 1800",
        "10, 1800",
        "64, 1800",
        "2147483647, 1800",
        "0, 10"
    })
    void pause_doubles_up_to_half_an_hour(int tries, int seconds) {
        assertThat(BackOff.after(tries, 0.5)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void pause_has_a_jitter_of_20_percent_and_is_at_most_half_an_hour() {
        SplittableRandom random = Seed.random("BackOffTest");
        for (int i = 0; i < 10_000; i++) {
            int tries = random.nextInt(1, 30);
            double middle = Math.min(1_800, 10 * Math.pow(2, tries - 1));

            double pause = BackOff.after(tries, random.nextDouble()).toSeconds();

            assertThat(pause)
                    .isBetween(Math.floor(middle * 0.8), Math.ceil(middle * 1.2))
                    .isLessThanOrEqualTo(1_800);
        }
    }

    /** Graph also retries for about four hours. */
    @Test
    void fifteen_attempts_take_about_four_hours() {
        Duration all = Duration.ZERO;
        for (int tries = 1; tries < 15; tries++) {
            all = all.plus(BackOff.after(tries, 0.5));
        }

        assertThat(all).isBetween(Duration.ofHours(3), Duration.ofHours(4));
    }
}
