package io.switchboard.callrecords.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EdmDurationTest {
    @ParameterizedTest
    @CsvSource({
        "PT0.006S, 0.006",
        "PT0S, 0",
        "PT1M, 60",
        "PT60S, 60",
        "PT1H, 3600",
        "P1D, 86400",
        "P1DT1H1M1.5S, 90061.5",
        "P2DT3S, 172803",
        "PT1H2S, 3602",
        "-PT0.5S, -0.5",
        "PT007S, 7",
        "PT0.123456789012345S, 0.123456789012345"
    })
    void duration_is_parsed_to_seconds(String text, String seconds) {
        assertThat(EdmDuration.seconds(text))
                .hasValueSatisfying(value -> assertThat(value).isEqualByComparingTo(new BigDecimal(seconds)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "P", "PT", "-P", "-PT", "P1DT", "6ms", "P1Y", "P1M", "P1W", "PT1D", "P1H", "P1S", "PT1S1M",
                "PT1M1H", "PT1S1S", "PT1H1H", "PT1.5M", "P1.5D", "PT.5S", "PT1.S", "PT1", "PT1.5", "PTS", "P-1D",
                "+PT1S", "--PT1S", "PT1s", "pt1S", " PT1S", "PT1S ", "PT1,5S", "PTT1S", "PT1HT1M", "T1S", "1D", "P1D1H",
                "PT1X", "PT١S"
            })
    void invalid_duration_is_rejected(String text) {
        assertThat(EdmDuration.seconds(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0:00:00.016000 | 0.016 | PT0.016S",
                "0:00:00 | 0 | PT0S",
                "2:03:04 | 7384 | PT2H3M4S",
                "12:00:00 | 43200 | PT12H",
                "0:01:00 | 60 | PT1M",
                "1 day, 0:00:00 | 86400 | P1D",
                "2 days, 0:00:05.500000 | 172805.5 | P2DT5.5S",
                "-1 day, 23:59:59.984000 | -0.016 | -PT0.016S",
                "-0:00:01 | -1 | -PT1S",
                "PT0.0480S | 0.048 | PT0.0480S"
            })
    void duration_in_the_notation_of_python_has_a_notation_of_iso(String text, String seconds, String iso) {
        assertThat(EdmDuration.seconds(text))
                .hasValueSatisfying(value -> assertThat(value).isEqualByComparingTo(new BigDecimal(seconds)));
        assertThat(EdmDuration.iso(text)).isEqualTo(iso);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                "::",
                "0:00",
                "0:0:00",
                "0:00:0",
                "0:00:60",
                "0:60:00",
                "24:00:00",
                "100:00:00",
                "0:00:00.",
                "0:00:00.5 ",
                "day, 0:00:00",
                "1 day,0:00:00",
                "1 days 0:00:00",
                "1 day, ",
                "1day, 0:00:00",
                "--1 day, 0:00:00",
                "1 day, -0:00:01",
                "0:00:00Z",
                "٠:00:00",
                "0:00:00:00"
            })
    void invalid_duration_in_the_notation_of_python_is_rejected(String text) {
        assertThat(EdmDuration.seconds(text)).isEmpty();
    }

    @Test
    void duration_is_limited_to_the_length_of_the_longest_number() {
        assertThat(EdmDuration.seconds("PT" + "1".repeat(97) + "S")).isPresent();
        assertThat(EdmDuration.seconds("PT" + "1".repeat(98) + "S")).isEmpty();
    }
}
