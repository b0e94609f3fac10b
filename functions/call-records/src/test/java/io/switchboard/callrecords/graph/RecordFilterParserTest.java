package io.switchboard.callrecords.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecordFilter;
import io.switchboard.callrecords.store.ListOrder;
import io.switchboard.callrecords.store.RecordCondition;
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

    @Test
    void seconds_are_optional_and_a_date_is_its_midnight_in_utc() {
        assertThat(parsed("startDateTime ge 2026-03-04T09:15Z"))
                .isEqualTo(parsed("startDateTime ge 2026-03-04T09:15:00Z"));
        assertThat(parsed("startDateTime ge 2026-03-04T09:15+01:00"))
                .isEqualTo(parsed("startDateTime ge 2026-03-04T08:15:00Z"));
        assertThat(parsed("startDateTime ge 2026-03-04 and startDateTime lt 2026-03-05"))
                .isEqualTo(parsed("startDateTime ge 2026-03-04T00:00:00Z and startDateTime lt 2026-03-05T00:00:00Z"));
    }

    @Test
    void and_binds_more_tightly_than_or_and_not_more_tightly_than_and() {
        assertThat(parsed("not type eq 'a' and type eq 'b' or type eq 'c'").condition())
                .isEqualTo(parsed("((not (type eq 'a')) and type eq 'b') or type eq 'c'")
                        .condition());
        assertThat(parsed("type eq 'a' or type eq 'b' and not (type eq 'c' or type eq 'd')")
                        .condition())
                .isEqualTo(parsed("type eq 'a' or (type eq 'b' and (not (type eq 'c' or type eq 'd')))")
                        .condition());
        assertThat(parsed("type ne 'a'").condition())
                .isEqualTo(parsed("not not not type eq 'a'").condition());
    }

    @Test
    void bounds_of_alternatives_stay_conditions() {
        CallRecordFilter filter = parsed("startDateTime ge 2026-03-04 or startDateTime lt 2026-03-01");

        assertThat(filter.from()).isNull();
        assertThat(filter.to()).isNull();
        assertThat(filter.condition()).isInstanceOf(RecordCondition.AnyOf.class);
    }

    @Test
    void type_may_have_its_qualified_name() {
        assertThat(parsed("type eq microsoft.graph.callRecords.callType'groupCall'"))
                .isEqualTo(parsed("type eq 'groupCall'"));
    }

    @Test
    void ordered_list_of_a_participant_is_one_by_start() {
        String text = "participants_v2/any(p:p/id eq 'a')";

        assertThat(parsed(text).participant()).isEqualTo("a");
        assertThat(RecordFilterParser.parse(text, ListOrder.BY_START, new Violations())
                        .participant())
                .isNull();
        assertThat(parsed(text + " and participants_v2/any(p:p/id eq 'b')").condition())
                .isEqualTo(new RecordCondition.OfParticipant("b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "startDateTime ge '2026-03-04T12:00:00Z'",
                "startDateTime ge 2026-03-04T12:00:00",
                "startDateTime ge 2026-02-29",
                "startDateTime ge 2026-03-04T12Z",
                "startDateTime has 2026-03-04",
                "startDateTime in ()",
                "startDateTime in (2026-03-04",
                "startDateTime in (2026-03-04,)",
                "endDateTime ge",
                "version eq '1'",
                "version eq 1.5",
                "version lt 99999999999999999999",
                "type eq groupCall",
                "type lt 'groupCall'",
                "type eq ''",
                "organizer_v2/identity/user/id eq 'a'",
                "organizer_v2/ids eq 'a'",
                "not",
                "nottype eq 'a'",
                "type eq 'a'or type eq 'b'",
                "type eq 'a' ortype eq 'b'",
                "contains(type,'a')",
                "participants_v2/any(p:p/id eq 'a'",
                "participants_v2/any()",
                "participants_v2/any(p:q/id eq '4711')",
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
