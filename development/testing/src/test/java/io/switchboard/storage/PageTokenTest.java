package io.switchboard.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchboard.text.Seed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PageTokenTest {
    @Test
    void token_returns_its_position() {
        SplittableRandom random = Seed.random("token_returns_its_position");
        for (int i = 0; i < 1_000; i++) {
            String query = Seed.text(random, 10);
            String position = "x" + Seed.text(random, 20);
            String token = PageToken.of(query, position);
            assertThat(token).matches("[A-Za-z0-9_-]+");
            assertThat(PageToken.position(query, token, any -> true)).isEqualTo(position);
        }
    }

    @Test
    void token_of_another_query_is_rejected() {
        String token = PageToken.of("tenant user /sessions {}", "a");

        assertRejected("tenant other /sessions {}", token);
        assertRejected("tenant user /sessions {status=open}", token);
    }

    @Test
    void token_of_the_longest_session_id_fits_into_a_kilobyte() {
        assertThat(PageToken.of("q", "x".repeat(36))).hasSizeLessThan(1_024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "?", "!!!!", "AAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAAAAA", "😀", "a b"})
    void invalid_token_is_rejected(String token) {
        assertRejected("q", token);
    }

    @Test
    void long_token_is_rejected_without_decoding() {
        assertRejected("q", PageToken.of("q", "x".repeat(1_000)));
    }

    @Test
    void changed_token_is_rejected_or_stays_within_its_query() {
        String token = PageToken.of("q", "position");
        for (int i = 0; i < 12; i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            assertRejected("q", token.substring(0, i) + other + token.substring(i + 1));
        }
    }

    @Test
    void token_that_is_not_utf_8_is_rejected() {
        byte[] token = java.util.Base64.getUrlDecoder().decode(PageToken.of("q", "abcd"));
        for (int[] malformed : new int[][] {{0xC3, 0x28}, {0xED, 0xA0}, {0xC0, 0x80}, {0xFF, 0xFE}}) {
            token[9] = (byte) malformed[0];
            token[10] = (byte) malformed[1];
            assertRejected(
                    "q", java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(token));
        }
    }

    @Test
    void token_in_another_base64_encoding_is_rejected() {
        assertRejected("q", PageToken.of("q", "abcd") + "=");
        assertRejected("q", PageToken.of("q", "abcd") + "==");
        assertRejected("q", PageToken.of("q", "\uD83D").replace("Pw", "Pz"));
    }

    @Test
    void position_in_another_form_is_rejected() {
        String token = PageToken.of("q", "12");

        assertThat(PageToken.position("q", token, PositionForm.number(1, 12))).isEqualTo("12");
        assertThatExceptionOfType(InvalidPosition.class)
                .isThrownBy(() -> PageToken.position("q", token, PositionForm.number(1, 11)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "+1",
                "01",
                "1.0",
                "1e1",
                "101",
                "99999999999999999999",
                " 1",
                "1 ",
                "x",
                "١",
                "0x1"
            })
    void number_out_of_range_or_in_another_notation_is_not_a_position(String position) {
        assertThat(PositionForm.number(1, 100).fits(position)).isFalse();
    }

    @Test
    void number_within_the_range_is_a_position() {
        for (int number = 1; number <= 100; number++) {
            assertThat(PositionForm.number(1, 100).fits(Integer.toString(number)))
                    .isTrue();
        }
        assertThat(PositionForm.number(1, Integer.MAX_VALUE).fits("2147483647")).isTrue();
        assertThat(PositionForm.number(1, Integer.MAX_VALUE).fits("2147483648")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "%", "%2", "%zz", "%e9", "é", "a/b", "%61", "\u0000", "%ED%A0%80", "😀"})
    void text_in_another_encoding_is_not_a_position(String position) {
        assertThat(PositionForm.key(100).fits(position)).isFalse();
    }

    @Test
    void encoded_key_within_its_length_is_a_position() {
        SplittableRandom random = Seed.random("encoded_key_within_its_length_is_a_position");
        for (int i = 0; i < 1_000; i++) {
            String key = Keys.join("x" + Seed.text(random, 10), "y" + Seed.text(random, 3));
            assertThat(PositionForm.key(key.length()).fits(key)).isTrue();
            assertThat(PositionForm.key(key.length() - 1).fits(key)).isFalse();
        }
    }

    private static void assertRejected(String query, String token) {
        assertThatExceptionOfType(InvalidPosition.class)
                .isThrownBy(() -> PageToken.position(query, token, any -> true));
    }
}
