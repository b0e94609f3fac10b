package io.switchboard.callrecords.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecordFilter;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFilterParserTest {
    private static CallRecordFilter parsed(@Nullable String text) {
        Violations violations = new Violations();
        CallRecordFilter filter = RecordFilterParser.parse(text, violations);
        assertThat(violations.all()).isEmpty();
        return filter;
    }

    private static GraphInstant instant(String text) {
        return GraphInstant.of(text).orElseThrow();
    }

    @Test
    void missing_filter_admits_everything() {
        assertThat(parsed(null)).isEqualTo(CallRecordFilter.ALL);
    }

    @Test
    void bounds_accept_any_offset_and_are_joined_with_and() {
        assertThat(parsed("startDateTime ge 2026-03-04T10:00:00+01:00 and startDateTime lt 2026-03-05T00:00:00Z"))
                .isEqualTo(new CallRecordFilter(
                        instant("2026-03-04T09:00:00Z"), true, instant("2026-03-05T00:00:00Z"), false, null));
    }

    @Test
    void narrower_bound_applies_in_either_order() {
        CallRecordFilter narrow = new CallRecordFilter(instant("2026-03-05T00:00:00Z"), false, null, true, null);

        assertThat(parsed("startDateTime ge 2026-03-04T00:00:00Z and startDateTime gt 2026-03-05T00:00:00Z"))
                .isEqualTo(narrow);
        assertThat(parsed("startDateTime gt 2026-03-05T00:00:00Z and startDateTime ge 2026-03-04T00:00:00Z"))
                .isEqualTo(narrow);
        assertThat(parsed("startDateTime ge 2026-03-05T00:00:00Z and startDateTime gt 2026-03-05T00:00:00Z"))
                .isEqualTo(narrow);
    }

    @Test
    void equal_operator_sets_both_bounds() {
        GraphInstant noon = instant("2026-03-04T12:00:00Z");

        assertThat(parsed("startDateTime eq 2026-03-04T12:00:00Z"))
                .isEqualTo(new CallRecordFilter(noon, true, noon, true, null));
    }

    @Test
    void participant_accepts_any_variable_and_doubled_quotes() {
        assertThat(parsed("participants_v2/any(p:p/id eq 'o''hara and sons')").participant())
                .isEqualTo("o'hara and sons");
        assertThat(parsed("(participants_v2/any(who:who/id eq '4711')) and startDateTime le 2026-03-04T12:00:00Z"))
                .isEqualTo(new CallRecordFilter(null, true, instant("2026-03-04T12:00:00Z"), true, "4711"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "startDateTime ne 2026-03-04T12:00:00Z",
                "startDateTime ge 2026-03-04",
                "startDateTime ge '2026-03-04T12:00:00Z'",
                "endDateTime ge 2026-03-04T12:00:00Z",
                "startDateTime ge 2026-03-04T12:00:00Z or startDateTime le 2026-03-04T12:00:00Z",
                "participants_v2/any(p:q/id eq '4711')",
                "participants_v2/any(p:p/id eq '4711') and participants_v2/any(p:p/id eq '4712')",
                "participants_v2/any(p:p/id ne '4711')",
                "sessions/any(s:s/id eq '4711')",
                "startDateTime",
                "and",
                ""
            })
    void unsupported_condition_is_rejected_with_the_supported_ones(String text) {
        Violations violations = new Violations();

        RecordFilterParser.parse(text, violations);

        assertThat(violations.all()).extracting(Violation::code).containsOnly("invalidValue");
        assertThat(violations.all()).extracting(Violation::target).containsOnly("$filter");
    }
}
