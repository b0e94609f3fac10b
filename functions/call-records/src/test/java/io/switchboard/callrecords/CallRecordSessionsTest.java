package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.bare;
import static io.switchboard.callrecords.CallRecordFixture.path;
import static io.switchboard.callrecords.CallRecordFixture.session;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.FunctionResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallRecordSessionsTest {
    private final CallRecordFixture fixture = new CallRecordFixture();
    private final String sessions = RECORDS + "/4711/sessions";

    private FunctionResponse post(Map<String, Object> body) {
        return fixture.send("POST", sessions, body);
    }

    @Test
    void post_of_a_session_returns_the_same_body_as_get() {
        FunctionResponse created = post(session("one")).is(201);

        assertThat(created.header("OData-Version")).isEqualTo("4.0");
        assertThat(created.text("@odata.context"))
                .isEqualTo(
                        "https://api.contoso.example/v1.0/$metadata#communications/callRecords('4711')/sessions(segments())/$entity");
        String location = String.valueOf(created.header("Location"));
        assertThat(location).startsWith("https://api.contoso.example/v1.0/communications/callRecords/4711/sessions/~");
        FunctionResponse read =
                fixture.get(path(location), "$expand", "segments").is(200);
        assertThat(read.json()).isEqualTo(created.json());
        assertThat(read.header("ETag")).isEqualTo(created.header("ETag"));
        assertThat(read.json()).containsEntry("failureInfo", null).containsEntry("isTest", null);
        assertThat(read.text("caller.@odata.type")).isEqualTo("#microsoft.graph.callRecords.participantEndpoint");
        assertThat(fixture.get(sessions + "/one").is(200).json()).doesNotContainKey("segments");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/v1.0", "/beta"})
    void each_service_root_returns_its_own_links(String base) {
        String path = base + "/communications/callRecords/4711/sessions";

        FunctionResponse created = fixture.send("POST", path, session("one")).is(201);

        assertThat(created.header("Location")).startsWith("https://api.contoso.example" + path + "/");
        assertThat(created.text("@odata.context")).startsWith("https://api.contoso.example" + base + "/$metadata#");
        fixture.get(path + "/one").is(200);
    }

    @Test
    void first_session_creates_the_record_and_later_sessions_extend_it() {
        post(bare("one")).is(201);
        post(with(
                        with(
                                with(bare("two"), "startDateTime", "2026-03-04T10:15:01+01:00"),
                                "endDateTime",
                                "2026-03-04T12:00:00Z"),
                        "modalities",
                        List.of("video")))
                .is(201);

        FunctionResponse record = fixture.get(RECORDS + "/4711").is(200);

        assertThat(record.at("version")).isEqualTo(0);
        assertThat(record.text("type")).isEqualTo("unknown");
        assertThat(record.text("startDateTime")).isEqualTo("2026-03-04T10:15:01+01:00");
        assertThat(record.text("endDateTime")).isEqualTo("2026-03-04T12:00:00Z");
        assertThat((List<?>) record.at("modalities")).hasSize(2);
        assertThat(record.json()).containsEntry("organizer_v2", null).doesNotContainKey("sessions");
    }

    @Test
    void repeated_session_in_another_notation_changes_nothing() {
        FunctionResponse first = post(session("one")).is(201);

        FunctionResponse again = post(with(session("one"), "startDateTime", "2026-03-04T10:15:02.4410000+01:00"))
                .is(201);

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(fixture.get(sessions + "/$count").is(200).body()).isEqualTo("1");
    }

    @Test
    void missing_values_are_filled_and_different_values_conflict_with_a_hint_to_patch() {
        FunctionResponse first = post(bare("one")).is(201);

        FunctionResponse filled = post(with(session("one"), "isTest", true)).is(201);
        post(with(session("one"), "caller", Map.of("name", "LAPTOP-NORA", "cpuName", "c")))
                .is(201);
        FunctionResponse rejected = post(with(session("one"), "caller", Map.of("name", "LAPTOP-NORA", "cpuName", "d")))
                .isError(409, "nameAlreadyExists");

        assertThat(filled.at("isTest")).isEqualTo(true);
        assertThat(filled.each("segments", "id")).containsExactly("one");
        assertThat(rejected.text("error.target")).isEqualTo("caller.cpuName");
        assertThat(rejected.text("error.message")).contains("PATCH " + first.header("Location"));
        assertThat(fixture.get(sessions + "/one").text("caller.cpuName")).isEqualTo("c");
    }

    /** Returns a text that compression shortens by a quarter only. */
    private static String noise(int letters) {
        return new SplittableRandom(letters)
                .ints(letters, '0', 'p')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Test
    void filled_session_is_returned_whole_when_its_segments_move_into_its_item() {
        // The session's item has no room for the segments in its first kilobyte, but it has in the second.
        Map<String, Object> session = with(bare("one"), "caller", Map.of("name", noise(700)));
        session.put(
                "segments",
                List.of(with(CallRecordFixture.segment("one"), "media", List.of(Map.of("label", noise(400))))));
        post(session).is(201);

        FunctionResponse filled = post(with(session, "failureInfo", Map.of("stage", "midcall", "reason", noise(600))))
                .is(201);

        FunctionResponse read = fixture.get(path(filled.header("Location")), "$expand", "segments")
                .is(200);
        assertThat(read.header("ETag")).isEqualTo("W/\"2\"");
        assertThat(read.text("failureInfo.reason")).isEqualTo(noise(600));
        assertThat(read.each("segments", "media")).singleElement().asString().contains(noise(400));
    }

    @Test
    void sessions_with_one_id_and_another_start_or_callee_have_separate_paths() {
        FunctionResponse late =
                post(with(bare("one"), "startDateTime", "2026-03-04T09:16:00Z")).is(201);
        FunctionResponse early = post(bare("one")).is(201);
        FunctionResponse queue = post(with(
                        bare("one"), "callee", Map.of("userAgent", Map.of("role", "skypeForBusinessCallQueues"))))
                .is(201);

        assertThat(fixture.get(sessions + "/$count").body()).isEqualTo("3");
        assertThat(fixture.get(sessions + "/one").text("startDateTime")).isEqualTo("2026-03-04T09:15:02.441Z");
        assertThat(fixture.get(path(late.header("Location"))).text("startDateTime"))
                .isEqualTo("2026-03-04T09:16:00Z");
        assertThat(fixture.get(path(queue.header("Location"))).text("callee.userAgent.role"))
                .isEqualTo("skypeForBusinessCallQueues");
        FunctionResponse ambiguous =
                fixture.send("PATCH", sessions + "/one", Map.of("isTest", true)).isError(409, "ambiguousSessionId");
        assertThat(ambiguous.detailTargets())
                .containsExactlyInAnyOrder(late.header("Location"), early.header("Location"), queue.header("Location"));
        fixture.send("DELETE", sessions + "/one").isError(409, "ambiguousSessionId");
        fixture.send("DELETE", path(queue.header("Location"))).is(204);
        fixture.send("DELETE", path(late.header("Location"))).is(204);
        fixture.send("PATCH", sessions + "/one", Map.of("isTest", true)).is(200);
    }

    @Test
    void missing_id_is_derived_from_the_content() {
        FunctionResponse first = post(with(session("one"), "id", null)).is(201);
        FunctionResponse again = post(with(session("one"), "id", null)).is(201);
        FunctionResponse other =
                post(with(with(session("one"), "id", null), "isTest", true)).is(201);

        assertThat(again.text("id")).isEqualTo(first.text("id"));
        assertThat(other.text("id")).isNotEqualTo(first.text("id"));
        assertThat(fixture.get(sessions + "/$count").body()).isEqualTo("2");
    }

    @Test
    void idempotency_key_replays_the_same_body_and_rejects_another() {
        var event = fixture.event("POST", sessions)
                .header("Idempotency-Key", "key-1")
                .body(with(bare("one"), "id", null));
        FunctionResponse first = fixture.send(event.copy(), "POST", sessions).is(201);
        FunctionResponse replay = fixture.send(event.copy(), "POST", sessions).is(201);
        fixture.send(event.copy().body(with(bare("one"), "isTest", true)), "POST", sessions)
                .isError(422, "idempotencyKeyReused");

        assertThat(first.header("Idempotency-Replayed")).isNull();
        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(replay.json()).isEqualTo(first.json());
        fixture.send("DELETE", path(first.header("Location"))).is(204);
        fixture.send(event.copy(), "POST", sessions).isError(404, "notFound");
        assertThat(fixture.get(sessions + "/$count").body()).isEqualTo("0");
    }

    @Test
    void pages_have_sixty_sessions_and_cover_all_of_them() {
        for (int i = 0; i < 130; i++) {
            post(bare(String.format(Locale.ROOT, "session-%03d", i))).is(201);
        }
        List<Object> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        FunctionResponse page =
                fixture.get(sessions, "$select", "id", "$count", "true").is(200);
        assertThat(page.at("@odata.count")).isEqualTo(130);
        while (true) {
            sizes.add(page.each("value", "id").size());
            seen.addAll(page.each("value", "id"));
            @Nullable Object next = page.json().get("@odata.nextLink");
            if (next == null) {
                break;
            }
            page = fixture.follow(String.valueOf(next)).is(200);
        }

        assertThat(sizes).containsExactly(60, 60, 10);
        assertThat(seen).doesNotHaveDuplicates().hasSize(130);
    }

    @Test
    void top_limits_the_total_over_pages_and_a_preference_lowers_the_page_size() {
        for (int i = 0; i < 5; i++) {
            post(bare("session-" + i)).is(201);
        }

        FunctionResponse first = fixture.send(
                        fixture.event("GET", sessions)
                                .header("Prefer", "odata.maxpagesize=2")
                                .query("$top", "3"),
                        "GET",
                        sessions)
                .is(200);
        FunctionResponse second = fixture.follow(first.text("@odata.nextLink")).is(200);

        assertThat(first.header("Preference-Applied")).isEqualTo("odata.maxpagesize=2");
        assertThat(first.each("value", "id")).containsExactly("session-0", "session-1");
        assertThat(second.each("value", "id")).containsExactly("session-2");
        assertThat(second.json()).doesNotContainKey("@odata.nextLink");
    }

    @Test
    void next_link_is_valid_only_for_its_list_and_tenant() {
        for (int i = 0; i < 3; i++) {
            post(bare("session-" + i)).is(201);
        }
        String link = fixture.send(
                        fixture.event("GET", sessions).header("Prefer", "odata.maxpagesize=1"), "GET", sessions)
                .text("@odata.nextLink");

        fixture.follow(link.replace("/4711/", "/4712/")).isInvalid("invalidPageToken $skiptoken");
        fixture.follow(link + "&$select=id").isInvalid("invalidPageToken $skiptoken");
        CallRecordFixture other = new CallRecordFixture();
        other.follow(link).isInvalid("invalidPageToken $skiptoken");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $orderby  | startDateTime | unknownQueryOption $orderby
            $search   | audio         | unknownQueryOption $search
            $skip     | 5             | unknownQueryOption $skip
            $filter   | id eq 'one'   | unknownQueryOption $filter
            $top      | -1            | invalidValue $top
            $top      | many          | invalidValue $top
            $count    | yes           | invalidValue $count
            $expand   | media         | invalidValue $expand
            $select   | name          | invalidValue $select
            """)
    void unsupported_query_option_is_rejected(String option, String value, String violation) {
        fixture.get(sessions, option, value).isInvalid(violation);
    }

    @Test
    void patch_changes_named_properties_and_removes_null_ones() {
        FunctionResponse created = post(with(
                        session("one"), "failureInfo", Map.of("stage", "midcall", "reason", "ICE failed")))
                .is(201);

        FunctionResponse patched = fixture.send(
                        fixture.event("PATCH", sessions + "/one")
                                .text("{\"isTest\":true,\"failureInfo\":null,\"caller\":{\"cpuName\":\"Example\"}}"),
                        "PATCH",
                        sessions + "/one")
                .is(200);

        assertThat(patched.json()).containsEntry("isTest", true).containsEntry("failureInfo", null);
        assertThat(patched.text("caller.name")).isEqualTo("LAPTOP-NORA");
        assertThat(patched.text("caller.cpuName")).isEqualTo("Example");
        assertThat(patched.header("ETag")).isNotEqualTo(created.header("ETag"));
        assertThat(fixture.get(sessions + "/one", "$expand", "segments").each("segments", "id"))
                .containsExactly("one");
    }

    @Test
    void patch_of_the_start_moves_the_session_to_its_new_key() {
        FunctionResponse created = post(session("one")).is(201);

        fixture.send("PATCH", sessions + "/one", Map.of("startDateTime", "2026-03-04T09:00:00Z"))
                .is(200);

        fixture.get(path(created.header("Location"))).isError(404, "notFound");
        assertThat(fixture.get(sessions + "/one", "$expand", "segments").is(200).text("startDateTime"))
                .isEqualTo("2026-03-04T09:00:00Z");
        assertThat(fixture.get(RECORDS + "/4711").text("startDateTime")).isEqualTo("2026-03-04T09:00:00Z");
        assertThat(fixture.get(sessions + "/$count").body()).isEqualTo("1");
        post(bare("one")).is(201);
        fixture.send("PATCH", path(created.header("Location")), Map.of("startDateTime", "2026-03-04T09:00:00.000Z"))
                .isError(409, "nameAlreadyExists");
    }

    @Test
    void patch_reports_all_unchangeable_properties_at_once() {
        post(session("one")).is(201);

        fixture.send("PATCH", sessions + "/one", Map.of("segments", List.of(), "id", "two"))
                .isInvalid("readOnlyMember segments", "readOnlyMember id");
        fixture.send("PATCH", sessions + "/one", Map.of("modalities", List.of("un known"), "isTest", "yes"))
                .isInvalid("invalidEnumMember modalities[0]", "wrongType isTest");
        assertThat(fixture.get(sessions + "/one").json()).containsEntry("isTest", null);
    }

    @Test
    void if_match_protects_changes_and_if_none_match_avoids_reads() {
        String tag = String.valueOf(post(session("one")).is(201).header("ETag"));
        String path = sessions + "/one";

        fixture.send(fixture.event("GET", path).header("If-None-Match", tag), "GET", path)
                .is(304);
        fixture.send(fixture.event("PATCH", path).header("If-Match", tag).body(Map.of("isTest", true)), "PATCH", path)
                .is(200);
        fixture.send(fixture.event("PATCH", path).header("If-Match", tag).body(Map.of("isTest", false)), "PATCH", path)
                .isError(412, "preconditionFailed");
        fixture.send(fixture.event("DELETE", path).header("If-Match", tag), "DELETE", path)
                .isError(412, "preconditionFailed");
        fixture.send(fixture.event("DELETE", path).header("If-Match", "*"), "DELETE", path)
                .is(204);
        fixture.get(path).isError(404, "notFound");
        fixture.send("DELETE", path).isError(404, "notFound");
    }

    @Test
    void response_preferences_are_applied() {
        FunctionResponse minimal = fixture.send(
                        fixture.event("POST", sessions)
                                .header("Prefer", "return=minimal")
                                .body(bare("one")),
                        "POST",
                        sessions)
                .is(204);
        FunctionResponse omitted = fixture.send(
                        fixture.event("GET", sessions + "/one").header("Prefer", "omit-values=nulls"),
                        "GET",
                        sessions + "/one")
                .is(200);
        post(with(
                        bare("acs"),
                        "caller",
                        Map.of("userAgent", Map.of("platform", "web", "productFamily", "azureCommunicationServices"))))
                .is(201);
        FunctionResponse unknown = fixture.send(
                        fixture.event("GET", sessions + "/acs").header("Prefer", "include-unknown-enum-members"),
                        "GET",
                        sessions + "/acs")
                .is(200);

        assertThat(minimal.body()).isEmpty();
        assertThat(minimal.header("Location")).isEqualTo(minimal.header("OData-EntityId"));
        assertThat(minimal.header("Preference-Applied")).isEqualTo("return=minimal");
        assertThat(omitted.json()).doesNotContainKeys("failureInfo", "isTest", "callee");
        assertThat(fixture.get(sessions + "/acs").text("caller.userAgent.productFamily"))
                .isEqualTo("unknownFutureValue");
        assertThat(unknown.text("caller.userAgent.productFamily")).isEqualTo("azureCommunicationServices");
        assertThat(unknown.header("Preference-Applied")).isEqualTo("include-unknown-enum-members");
    }

    @Test
    void session_does_not_create_a_record_that_must_exist() {
        CallRecordFixture strict = new CallRecordFixture("CALL_RECORD_MUST_EXIST", "true");

        strict.send("POST", sessions, session("one")).isError(404, "notFound");
        strict.send("POST", RECORDS, CallRecordFixture.record("4711", 1)).is(201);
        strict.send("POST", sessions, session("one")).is(201);
    }

    @Test
    void session_with_an_id_that_paths_cannot_carry_is_found_by_its_key() {
        for (String id : List.of("a/b", "~x", "é+ 'q'", "$count")) {
            FunctionResponse created = post(bare(id)).is(201);
            assertThat(fixture.get(path(created.header("Location"))).is(200).text("id"))
                    .isEqualTo(id);
        }
        assertThat(fixture.get(sessions + "/é+ 'q'").is(200).text("id")).isEqualTo("é+ 'q'");
        fixture.get(sessions + "/~x").isError(404, "notFound");
        post(bare("x".repeat(701))).isInvalid("tooLong id");
        fixture.send("POST", RECORDS + "/" + "x".repeat(701) + "/sessions", bare("one"))
                .isInvalid("tooLong callRecordId");
    }

    @Test
    void sessions_of_another_tenant_are_not_found() {
        post(session("one")).is(201);
        CallRecordFixture same = fixture;
        FunctionResponse other =
                same.event("GET", sessions + "/one").claim("tid", "elsewhere").sendTo(same.manage);

        other.isError(404, "notFound");
        same.event("GET", RECORDS).claim("tid", "elsewhere").sendTo(same.manage).is(200);
        assertThat(same.event("GET", RECORDS)
                        .claim("tid", "elsewhere")
                        .sendTo(same.manage)
                        .each("value", "id"))
                .isEmpty();
    }

    @Test
    void body_that_is_too_large_is_rejected_with_the_limit() {
        post(with(bare("one"), "caller", Map.of("name", "x".repeat(4 * 1_048_576))))
                .isError(413, "contentTooLarge");
        FunctionResponse quotes = post(with(bare("one"), "caller", Map.of("name", "\"".repeat(1_500_000))))
                .isError(413, "contentTooLarge");

        assertThat(quotes.text("error.message")).contains("quotes and backslashes counted twice");
        fixture.get(RECORDS + "/4711").isError(404, "notFound");
    }
}
