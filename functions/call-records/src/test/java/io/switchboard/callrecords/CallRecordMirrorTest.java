package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.bare;
import static io.switchboard.callrecords.CallRecordFixture.path;
import static io.switchboard.callrecords.CallRecordFixture.record;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.replay.FunctionResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the mirroring of Graph: members that it adds, ids that repeat, and first pages. */
final class CallRecordMirrorTest {
    private static final String ONE = RECORDS + "/4711";
    private static final String SESSIONS = ONE + "/sessions";
    private static final String WARNINGS = "@switchboard.warnings";

    private final CallRecordFixture fixture = new CallRecordFixture();

    private FunctionResponse strictly(String method, String path, Map<String, ?> body) {
        return fixture.send(
                fixture.event(method, path).header("Prefer", "handling=strict").body(body), method, path);
    }

    private static List<String> urls(FunctionResponse ambiguous) {
        return ambiguous.each("error.details", "target").stream()
                .map(String::valueOf)
                .toList();
    }

    /** Returns a member of each warning. */
    private static List<String> warnings(FunctionResponse response, String name) {
        return ((List<?>) Objects.requireNonNull(response.json().get(WARNINGS)))
                .stream()
                        .map(warning -> String.valueOf(((Map<?, ?>) warning).get(name)))
                        .toList();
    }

    // ---- members that Graph adds

    @Test
    void unknown_members_are_kept_with_warnings_and_can_be_sent_back() {
        Map<String, Object> session = with(bare("one"), "quality", Map.of("score", 4));
        session.put("modalities", List.of("audio", "hologram"));

        FunctionResponse posted = fixture.send("POST", SESSIONS, session).is(201);

        assertThat(warnings(posted, "code")).containsExactlyInAnyOrder("unknownProperty", "invalidEnumMember");
        assertThat(warnings(posted, "target")).containsExactlyInAnyOrder("quality", "modalities[1]");
        FunctionResponse read = fixture.get(SESSIONS + "/one").is(200);
        assertThat(read.json()).doesNotContainKey(WARNINGS).containsEntry("quality", Map.of("score", 4));
        assertThat(read.at("modalities")).isEqualTo(List.of("audio", "hologram"));
        assertThat(String.valueOf(fixture.get(ONE).at("modalities"))).contains("hologram");

        assertThat(warnings(
                        fixture.send("POST", RECORDS + "/4712/sessions", posted.json())
                                .is(201),
                        "code"))
                .hasSize(2);
        assertThat(fixture.get(RECORDS + "/4712/sessions/one").json()).containsEntry("quality", Map.of("score", 4));
        FunctionResponse patched =
                fixture.send("PATCH", SESSIONS + "/one", posted.json()).is(200);
        assertThat(warnings(patched, "target")).containsExactlyInAnyOrder("quality", "modalities[1]");
        assertThat(fixture.send("PATCH", SESSIONS + "/one", Map.of("isTest", true))
                        .is(200)
                        .json())
                .doesNotContainKey(WARNINGS)
                .containsKey("quality");
    }

    @Test
    void strict_request_is_rejected_and_nothing_is_stored() {
        strictly("POST", SESSIONS, with(bare("one"), "quality", 4)).isInvalid("unknownProperty quality");
        fixture.get(ONE).isError(404, "notFound");

        fixture.send("POST", SESSIONS, with(bare("one"), "quality", 4)).is(201);
        strictly("PATCH", SESSIONS + "/one", Map.of("more", 1)).isInvalid("unknownProperty more");
        assertThat(strictly("PATCH", SESSIONS + "/one", Map.of("isTest", true))
                        .is(200)
                        .header("Preference-Applied"))
                .isEqualTo("handling=strict");
        assertThat(fixture.get(SESSIONS + "/one").json()).containsEntry("quality", 4);
    }

    @Test
    void every_entity_keeps_unknown_members() {
        Map<String, Object> record = with(record("4711", 1), "added", "record");
        record.put("organizer_v2", Map.of("id", "o", "added", "organizer"));
        record.put("participants_v2", List.of(Map.of("id", "p", "added", "participant")));
        record.put(
                "sessions",
                List.of(with(
                        with(bare("one"), "added", "session"),
                        "segments",
                        List.of(with(CallRecordFixture.segment("g"), "added", "segment")))));

        FunctionResponse posted = fixture.send("POST", RECORDS, record).is(201);

        assertThat(warnings(posted, "target"))
                .containsExactlyInAnyOrder(
                        "added",
                        "organizer_v2.added",
                        "participants_v2[0].added",
                        "sessions[0].added",
                        "sessions[0].segments[0].added");
        assertThat(fixture.get(ONE).text("added")).isEqualTo("record");
        assertThat(fixture.get(ONE + "/organizer_v2").text("added")).isEqualTo("organizer");
        assertThat(fixture.get(ONE + "/participants_v2/p").text("added")).isEqualTo("participant");
        assertThat(fixture.get(SESSIONS + "/one").text("added")).isEqualTo("session");
        assertThat(fixture.get(SESSIONS + "/one/segments/g").text("added")).isEqualTo("segment");
        assertThat(fixture.get(ONE, "$select", "id").json()).doesNotContainKey("added");
    }

    @Test
    void log_has_the_names_of_warnings_and_their_number_but_no_values() {
        FunctionResponse posted = fixture.send("POST", SESSIONS, with(bare("one"), "quality", "Nora"))
                .is(201);

        assertThat(posted.log().getFirst())
                .contains("\"CallRecordWarnings\":1", "\"callRecordWarnings\":[\"unknownProperty quality\"]")
                .doesNotContain("Nora");
        assertThat(fixture.send("POST", SESSIONS, bare("two")).is(201).log().getFirst())
                .doesNotContainIgnoringCase("callRecordWarnings");
    }

    @Test
    void minimal_response_has_no_warnings() {
        FunctionResponse posted = fixture.send(
                fixture.event("POST", SESSIONS)
                        .header("Prefer", "return=minimal")
                        .body(with(bare("one"), "quality", 4)),
                "POST",
                SESSIONS);

        assertThat(posted.is(204).body()).isEmpty();
    }

    @Test
    void empty_modalities_are_stored_by_either_handling() {
        strictly("POST", SESSIONS, with(bare("one"), "modalities", List.of())).is(201);
        fixture.send("POST", RECORDS, with(record("4712", 1), "modalities", List.of()))
                .is(201);

        assertThat(fixture.get(SESSIONS + "/one").at("modalities")).isEqualTo(List.of());
        assertThat(fixture.get(ONE).at("modalities")).isEqualTo(List.of());
        assertThat(fixture.get(RECORDS + "/4712").at("modalities")).isEqualTo(List.of());
        fixture.send("POST", SESSIONS, with(bare("two"), "modalities", null)).isInvalid("required modalities");
    }

    @Test
    void modalities_are_emptied_and_filled_by_patch() {
        fixture.send("POST", RECORDS, record("4711", 1)).is(201);

        fixture.send("PATCH", ONE, Map.of("modalities", List.of())).is(200);
        assertThat(fixture.get(ONE).at("modalities")).isEqualTo(List.of());
        fixture.send("PATCH", ONE, Map.of("modalities", List.of("video"))).is(200);
        assertThat(fixture.get(ONE).at("modalities")).isEqualTo(List.of("video"));
    }

    // ---- ids that repeat

    @Test
    void participants_with_one_id_and_different_identities_are_stored_side_by_side() {
        Map<String, Object> record = with(
                record("4711", 1),
                "participants_v2",
                List.of(
                        Map.of("id", "p1", "identity", Map.of("user", Map.of("id", "p1"))),
                        Map.of("id", "p1", "identity", Map.of("user", Map.of("id", "p2")))));

        fixture.send("POST", RECORDS, record).is(201);

        String people = ONE + "/participants_v2";
        assertThat(fixture.get(people).each("value", "identity")).hasSize(2);
        assertThat(fixture.get(people + "/$count").body()).isEqualTo("2");
        assertThat(fixture.get(people + "/p1").text("identity.user.id")).isEqualTo("p1");
        FunctionResponse ambiguous = fixture.send("PATCH", people + "/p1", Map.of("added", 1));
        ambiguous.isError(409, "ambiguousSessionId");
        List<String> urls = urls(ambiguous);
        assertThat(urls).hasSize(2).doesNotHaveDuplicates();
        for (String url : urls) {
            String identity = fixture.get(path(url)).is(200).text("identity.user.id");
            assertThat(fixture.send("PATCH", path(url), Map.of("added", identity))
                            .is(200)
                            .text("identity.user.id"))
                    .isEqualTo(identity);
        }
        assertThat(fixture.get(people).each("value", "added")).containsExactlyInAnyOrder("p1", "p2");
        assertThat(fixture.get(RECORDS, "$filter", "participants_v2/any(p:p/id eq 'p1')")
                        .each("value", "id"))
                .containsExactly("4711");
        fixture.send("DELETE", people + "/p1").isError(409, "ambiguousSessionId");
        fixture.send("DELETE", path(urls.getFirst())).is(204);
        fixture.send("DELETE", people + "/p1").is(204);
        assertThat(fixture.get(people + "/$count").body()).isEqualTo("0");
    }

    @Test
    void posted_participant_with_another_identity_is_another_one_and_a_repetition_is_not() {
        fixture.send("POST", RECORDS, record("4711", 1)).is(201);
        String people = ONE + "/participants_v2";
        Map<String, Object> first = Map.of("id", "p", "identity", Map.of("user", Map.of("id", "a")));
        Map<String, Object> second = Map.of("id", "p", "identity", Map.of("user", Map.of("id", "b")));

        for (int i = 0; i < 2; i++) {
            fixture.send("POST", people, first).is(201);
            String location = path(fixture.send("POST", people, second).is(201).header("Location"));
            assertThat(fixture.get(location).text("identity.user.id")).isEqualTo("b");
        }

        assertThat(fixture.get(people + "/$count").body()).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "participants_v2/any(p:p/id eq 'p')",
                "participants_v2/any(p:p/id eq 'p') and version eq 1",
                "participants_v2/any(p:p/id in ('other','p'))",
                "not (participants_v2/any(p:p/id eq 'other') or version gt 1)"
            })
    void filter_finds_a_participant_with_another_identity(String filter) {
        List<Map<String, Object>> participants =
                List.of(Map.of("id", "p", "identity", Map.of("user", Map.of("id", "a"))));
        fixture.send("POST", RECORDS, with(record("4711", 1), "participants_v2", participants))
                .is(201);

        assertThat(fixture.get(RECORDS, "$filter", filter).is(200).each("value", "id"))
                .containsExactly("4711");
    }

    @Test
    void sessions_that_differ_in_the_caller_only_are_stored_side_by_side() {
        Map<String, Object> other = with(bare("one"), "caller", Map.of("name", "LAPTOP-OMAR"));

        for (int i = 0; i < 2; i++) {
            FunctionResponse first = fixture.send("POST", SESSIONS, bare("one")).is(201);
            FunctionResponse second = fixture.send("POST", SESSIONS, other).is(201);
            assertThat(fixture.get(path(first.header("Location"))).text("caller.name"))
                    .isEqualTo("LAPTOP-NORA");
            assertThat(fixture.get(path(second.header("Location"))).text("caller.name"))
                    .isEqualTo("LAPTOP-OMAR");
        }

        assertThat(fixture.get(SESSIONS + "/$count").body()).isEqualTo("2");
        fixture.send("PATCH", SESSIONS + "/one", Map.of("isTest", true)).isError(409, "ambiguousSessionId");
        fixture.send("POST", RECORDS, with(record("4712", 1), "sessions", List.of(bare("one"), other)))
                .is(201);
        assertThat(fixture.get(RECORDS + "/4712/sessions/$count").body()).isEqualTo("2");
    }

    @Test
    void paths_with_long_digests_name_nothing() {
        fixture.send("POST", RECORDS, record("4711", 1)).is(201);
        for (String key : List.of("p#" + "x".repeat(2_000), "p#%ED%A0%80", "#", "p#x#y")) {
            String segment =
                    "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
            assertThat(fixture.get(ONE + "/participants_v2/" + segment).status())
                    .isIn(400, 404);
        }
        String session = new SessionKey("s", "2026-03-04T09:15:02.441", "-", "x".repeat(2_000)).pathSegment();
        fixture.get(SESSIONS + "/" + session).isError(404, "notFound");
        fixture.send("PATCH", SESSIONS + "/" + session, Map.of("isTest", true)).isError(404, "notFound");
    }

    @Test
    void callees_that_differ_in_the_name_only_make_two_sessions() {
        fixture.send("POST", SESSIONS, with(bare("one"), "callee", Map.of("name", "a")))
                .is(201);
        fixture.send("POST", SESSIONS, with(bare("one"), "callee", Map.of("name", "b")))
                .is(201);

        assertThat(fixture.get(SESSIONS + "/$count").body()).isEqualTo("2");
    }

    @Test
    void sessions_of_one_body_with_one_key_are_both_stored_with_a_warning_and_can_be_changed() {
        FunctionResponse posted = fixture.send(
                        "POST",
                        RECORDS,
                        with(record("4711", 1), "sessions", List.of(bare("one"), with(bare("one"), "isTest", true))))
                .is(201);

        assertThat(warnings(posted, "code")).containsExactly("duplicateValue");
        FunctionResponse ambiguous = fixture.send("PATCH", SESSIONS + "/one", Map.of("isTest", false))
                .isError(409, "ambiguousSessionId");
        for (String url : urls(ambiguous)) {
            fixture.send("PATCH", path(url), Map.of("failureInfo", Map.of("reason", "r")))
                    .is(200);
            assertThat(fixture.get(path(url)).is(200).text("failureInfo.reason"))
                    .isEqualTo("r");
        }
        assertThat(fixture.get(SESSIONS + "/$count").body()).isEqualTo("2");
    }

    // ---- first pages

    @Test
    void record_with_the_first_page_of_sessions_is_incomplete_until_the_last_page_arrives() {
        Map<String, Object> first = with(record("4711", 1), "sessions", List.of(bare("one")));
        first.put("sessions@odata.nextLink", "https://graph.microsoft.com/v1.0/next");

        FunctionResponse posted = fixture.send("POST", RECORDS, first).is(201);

        assertThat(warnings(posted, "code")).containsExactly("truncated");
        assertThat(warnings(posted, "target")).containsExactly("sessions");
        assertThat(fixture.get(ONE).json().get("@switchboard.incomplete")).isEqualTo(List.of("sessions"));
        assertThat(fixture.send("PATCH", ONE, Map.of("joinWebUrl", "https://meet.example/1"))
                        .is(200)
                        .json()
                        .get("@switchboard.incomplete"))
                .isEqualTo(List.of("sessions"));

        Map<String, Object> second = with(first, "sessions", List.of(bare("one"), bare("two")));
        fixture.send("POST", RECORDS, second).is(200);
        assertThat(fixture.get(ONE).json().get("@switchboard.incomplete")).isEqualTo(List.of("sessions"));
        assertThat(fixture.get(SESSIONS + "/$count").body()).isEqualTo("2");
        fixture.send("POST", RECORDS, with(record("4711", 1), "participants_v2", List.of(Map.of("id", "p"))))
                .is(200);
        assertThat(fixture.get(ONE).json().get("@switchboard.incomplete")).isEqualTo(List.of("sessions"));

        FunctionResponse last = fixture.send(
                        "POST", RECORDS, with(record("4711", 1), "sessions", List.of(bare("three"))))
                .is(200);

        assertThat(last.json()).doesNotContainKey("@switchboard.incomplete");
        assertThat(fixture.get(ONE).json())
                .doesNotContainKey("@switchboard.incomplete")
                .containsEntry("joinWebUrl", "https://meet.example/1");
        assertThat(fixture.get(SESSIONS).each("value", "id")).containsExactly("one", "three", "two");
        fixture.send("POST", RECORDS, with(record("4711", 1), "sessions", List.of(bare("four"))))
                .is(200);
        assertThat(fixture.get(SESSIONS + "/$count").body()).isEqualTo("3");
    }

    @Test
    void page_of_participants_is_completed_and_stored_ones_stay() {
        Map<String, Object> first =
                with(record("4711", 1), "participants_v2", List.of(Map.of("id", "p", "added", "first")));
        first.put("participants_v2@odata.nextLink", "https://graph.microsoft.com/v1.0/next");
        fixture.send("POST", RECORDS, first).is(201);

        fixture.send(
                        "POST",
                        RECORDS,
                        with(
                                record("4711", 1),
                                "participants_v2",
                                List.of(Map.of("id", "p", "added", "second"), Map.of("id", "q"))))
                .is(200);

        assertThat(fixture.get(ONE).json()).doesNotContainKey("@switchboard.incomplete");
        assertThat(fixture.get(ONE + "/participants_v2").each("value", "id")).containsExactly("p", "q");
        assertThat(fixture.get(ONE + "/participants_v2/p").text("added")).isEqualTo("first");
    }

    @Test
    void higher_version_without_a_further_page_is_complete() {
        Map<String, Object> first = with(record("4711", 1), "sessions", List.of(bare("one")));
        first.put("sessions@odata.nextLink", "https://graph.microsoft.com/v1.0/next");
        fixture.send("POST", RECORDS, first).is(201);

        fixture.send("POST", RECORDS, with(record("4711", 2), "sessions", List.of(bare("one"))))
                .is(201);

        assertThat(fixture.get(ONE).json()).doesNotContainKey("@switchboard.incomplete");
    }

    @Test
    void segments_of_a_session_can_be_truncated() {
        Map<String, Object> session = with(CallRecordFixture.session("one"), "segments@odata.nextLink", "https://x/");

        assertThat(warnings(fixture.send("POST", SESSIONS, session).is(201), "target"))
                .containsExactly("segments");
        FunctionResponse whole = fixture.send("POST", RECORDS, with(record("4712", 1), "sessions", List.of(session)))
                .is(201);
        assertThat(warnings(whole, "target")).containsExactly("sessions[0].segments");
        assertThat(whole.json().get("@switchboard.incomplete")).isEqualTo(List.of("segments"));
        strictly("POST", RECORDS + "/4713/sessions", session).isInvalid("truncated segments");
    }
}
