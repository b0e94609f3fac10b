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

    @Test
    void duration_is_limited_to_the_length_of_the_longest_number() {
        assertThat(EdmDuration.seconds("PT" + "1".repeat(97) + "S")).isPresent();
        assertThat(EdmDuration.seconds("PT" + "1".repeat(98) + "S")).isEmpty();
    }
}
