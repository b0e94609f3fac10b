package io.switchboard.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.Seed;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class KeysTest {
    @Test
    void different_parts_make_different_keys() {
        SplittableRandom random = Seed.random("different_parts_make_different_keys");
        Map<String, List<String>> seen = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            String[] parts = new String[random.nextInt(1, 4)];
            for (int j = 0; j < parts.length; j++) {
                parts[j] = "#%a".charAt(random.nextInt(3)) + Seed.text(random, 3);
            }
            List<String> before = seen.putIfAbsent(Keys.join(parts), Arrays.asList(parts));
            assertThat(before == null || before.equals(Arrays.asList(parts)))
                    .as("%s and %s", before, Arrays.asList(parts))
                    .isTrue();
        }
    }

    @Test
    void parts_are_separated_unambiguously() {
        assertThat(Keys.join("a#b", "c")).isNotEqualTo(Keys.join("a", "b#c"));
        assertThat(Keys.join("a#b")).isNotEqualTo(Keys.join("a", "b"));
        assertThat(Keys.join("a%23b")).isNotEqualTo(Keys.join("a#b"));
        assertThat(Keys.join("A")).isNotEqualTo(Keys.join("a"));
        assertThat(Keys.join("a", "b")).isEqualTo("a#b");
    }

    @Test
    void part_fits_up_to_a_thousand_encoded_bytes() {
        assertThat(Keys.fits("")).isFalse();
        assertThat(Keys.fits("x".repeat(1_000))).isTrue();
        assertThat(Keys.fits("x".repeat(1_001))).isFalse();
        assertThat(Keys.fits("😀".repeat(83))).isTrue();
        assertThat(Keys.fits("😀".repeat(84))).isFalse();
    }

    @Test
    void half_of_a_surrogate_pair_does_not_fit_into_a_key() {
        assertThat(Keys.fits("a\ud83d")).isFalse();
        assertThat(Keys.fits("\ude00")).isFalse();
        assertThat(Keys.fits("?")).isTrue();
    }

    @Test
    void split_returns_the_joined_parts() {
        for (String part : new String[] {"contoso", "a#b", "100%", "Zoë ☎ 😀", "%23", "+ /", ""}) {
            assertThat(Keys.split(Keys.join("tenant", part))).containsExactly("tenant", part);
        }
        assertThat(Keys.split("alone")).containsExactly("alone");
    }
}
