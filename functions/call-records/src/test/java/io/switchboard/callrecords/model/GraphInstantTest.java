package io.switchboard.callrecords.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.text.Seed;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GraphInstantTest {
    @ParameterizedTest
    @CsvSource({
        "2026-03-04T09:15:02Z, 2026-03-04T09:15:02",
        "2026-03-04T09:15Z, 2026-03-04T09:15:00",
        "2026-03-04T09:15+01:00, 2026-03-04T08:15:00",
        "2026-03-04T09:15:02.4410000Z, 2026-03-04T09:15:02.441",
        "2026-03-04T09:15:02.000Z, 2026-03-04T09:15:02",
        "2026-03-04T09:15:00.010Z, 2026-03-04T09:15:00.01",
        "2026-03-04T09:15:02.123456789012Z, 2026-03-04T09:15:02.123456789012",
        "2020-02-25T20:52:46+02:00, 2020-02-25T18:52:46",
        "2026-03-04T23:00:00.5-05:30, 2026-03-05T04:30:00.5",
        "2026-01-01T00:00:00+14:00, 2025-12-31T10:00:00",
        "2026-03-04T09:15:02-00:00, 2026-03-04T09:15:02",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00",
        "0001-01-01T00:00:00Z, 0001-01-01T00:00:00",
        "0000-01-01T00:00:00-00:01, 0000-01-01T00:01:00",
        "9999-12-31T23:59:59.999999999999Z, 9999-12-31T23:59:59.999999999999"
    })
    void instant_is_normalised_to_utc_without_trailing_zeros(String text, String key) {
        assertThat(GraphInstant.of(text)).contains(new GraphInstant(key));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-03-04T09:15:02",
                "2026-03-04",
                "2026-03-04T09:15",
                "2026-03-04T09Z",
                "2026-03-04T09:15.5Z",
                "2026-03-04T09:1Z",
                "2026-03-04Z",
                "2026-02-30T09:15:02Z",
                "2025-02-29T09:15:02Z",
                "2026-04-31T09:15:02Z",
                "2026-00-04T09:15:02Z",
                "2026-13-04T09:15:02Z",
                "2026-03-00T09:15:02Z",
                "2026-03-04T24:00:00Z",
                "2026-03-04T09:60:00Z",
                "2026-03-04T09:15:60Z",
                "2026-03-04T09:15:02.Z",
                "2026-03-04T09:15:02.1234567890123Z",
                "2026-03-04T09:15:02,5Z",
                "2026-03-04T09:15:02+14:01",
                "2026-03-04T09:15:02+15:00",
                "2026-03-04T09:15:02+01:60",
                "2026-03-04T09:15:02+0100",
                "2026-03-04T09:15:02+01",
                "2026-03-04T09:15:02+1:000",
                "2026-03-04T09:15:02ZZ",
                "2026-03-04T09:15:02Z ",
                " 2026-03-04T09:15:02Z",
                "2026-03-04t09:15:02Z",
                "2026-03-04T09:15:02z",
                "2026-03-04 09:15:02Z",
                "10000-01-01T00:00:00+14:00",
                "02026-03-04T09:15:02Z",
                "-2026-03-04T09:15:02Z",
                "0000-01-01T00:00:00+00:01",
                "9999-12-31T23:59:59-00:01",
                "2026-3-4T09:15:02Z",
                "٢٠٢٦-03-04T09:15:02Z"
            })
    void text_without_date_time_and_offset_is_rejected(String text) {
        assertThat(GraphInstant.of(text)).isEmpty();
    }

    @Test
    void instants_with_any_offset_sort_as_in_java() {
        SplittableRandom random = Seed.random("instants_with_any_offset_sort_as_in_java");
        for (int i = 0; i < 20_000; i++) {
            // Close together, so that the fraction and the offset decide.
            OffsetDateTime first = instant(random);
            OffsetDateTime second = instant(random);
            String text = text(first, random);
            assertThat(Integer.signum(key(text).compareTo(key(text(second, random)))))
                    .as("%s and %s", first, second)
                    .isEqualTo(Integer.signum(first.toInstant().compareTo(second.toInstant())));
            assertThat(key(text).day())
                    .isEqualTo(first.withOffsetSameInstant(ZoneOffset.UTC)
                            .toLocalDate()
                            .toString());
        }
    }

    private static OffsetDateTime instant(SplittableRandom random) {
        return OffsetDateTime.of(
                2026,
                random.nextInt(12, 13),
                31,
                23,
                random.nextInt(58, 60),
                random.nextInt(58, 60),
                random.nextInt(3) * 100_000_000 + random.nextInt(2),
                ZoneOffset.ofTotalSeconds(random.nextInt(-2, 3) * 60));
    }

    private static String text(OffsetDateTime time, SplittableRandom random) {
        String fraction = "." + "%09d".formatted(time.getNano()) + "0".repeat(random.nextInt(4));
        String offset = time.getOffset().getTotalSeconds() == 0
                ? "+00:00"
                : time.getOffset().getId();
        return "%tFT%<tT".formatted(time) + fraction + offset;
    }

    private static GraphInstant key(String text) {
        return GraphInstant.of(text).orElseThrow(() -> new AssertionError(text));
    }
}
