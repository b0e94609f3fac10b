package io.switchboard.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CorrelationIdTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "call-4711",
                "{a3bb189e-8bf9-3888-9912-ace4e6543002}",
                "x",
                "a,b; c=\"d\"",
                "%C3%A9",
                "M\u00fcller",
                "\u96fb\u8a71 4711",
                "\ud83d\ude42"
            })
    void printable_text_is_valid(String text) {
        assertThat(CorrelationId.problem(text)).isNull();
    }

    @Test
    void length_limit_counts_characters_not_bytes() {
        assertThat(CorrelationId.problem("x".repeat(128))).isNull();
        assertThat(CorrelationId.problem("\ud83d\ude42".repeat(128))).isNull();
        assertThat(CorrelationId.problem("x".repeat(129))).isEqualTo("it has 129 characters; at most 128 are allowed");
        assertThat(CorrelationId.problem("\ud83d\ude42".repeat(129))).contains("129");
    }

    @Test
    void unprintable_text_and_other_types_are_invalid() {
        for (Object value : List.of(
                "a\nb",
                "a\rb",
                "a\tb",
                "a\u0000",
                "\u007f",
                "\u202eabc",
                "\u200b",
                "a\ud83d",
                4711,
                true,
                List.of("a"),
                Map.of())) {
            assertThat(CorrelationId.problem(value)).as(String.valueOf(value)).isNotNull();
        }
    }

    @Test
    void header_carries_ascii_text_only() {
        assertThat(CorrelationId.fitsHeader("call {4711} ~")).isTrue();
        assertThat(CorrelationId.fitsHeader("call {4711} \u00fc")).isFalse();
        assertThat(CorrelationId.fitsHeader("\u96fb\u8a71")).isFalse();
    }
}
