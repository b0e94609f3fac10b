package io.switchboard.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.http.Refusal;
import io.switchboard.http.Seed;
import io.switchboard.http.Violation;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageTokenTest {
    @Test
    void token_of_a_query_names_its_position() {
        SplittableRandom random = Seed.random("token_of_a_query_names_its_position");
        for (int i = 0; i < 1_000; i++) {
            String query = Seed.text(random, 10);
            String position = "x" + Seed.text(random, 20);
            String token = PageToken.of(query, position);
            assertThat(token).matches("[A-Za-z0-9_-]+");
            assertThat(PageToken.position(query, token)).isEqualTo(position);
        }
    }

    @Test
    void token_of_another_query_is_refused() {
        String token = PageToken.of("tenant user /sessions {}", "a");

        assertRefused("tenant other /sessions {}", token);
        assertRefused("tenant user /sessions {status=open}", token);
    }

    @Test
    void token_of_the_longest_session_id_fits_into_a_kilobyte() {
        assertThat(PageToken.of("q", "x".repeat(36))).hasSizeLessThan(1_024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "?", "!!!!", "AAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAA", "😀", "a b"})
    void anything_else_is_refused(String token) {
        assertRefused("q", token);
    }

    @Test
    void long_one_is_refused_unread() {
        assertRefused("q", PageToken.of("q", "x".repeat(1_000)));
    }

    @Test
    void changed_token_is_refused_or_stays_within_its_query() {
        String token = PageToken.of("q", "position");
        for (int i = 0; i < 12; i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            assertRefused("q", token.substring(0, i) + other + token.substring(i + 1));
        }
    }

    private static void assertRefused(String query, String token) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> PageToken.position(query, token))
                .satisfies(refusal -> {
                    assertThat(refusal.status()).isEqualTo(400);
                    assertThat(refusal.details()).extracting(Violation::code).containsExactly("invalidPageToken");
                });
    }
}
