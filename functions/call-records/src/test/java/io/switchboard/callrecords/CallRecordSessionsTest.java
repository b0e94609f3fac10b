package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.bare;
import static io.switchboard.callrecords.CallRecordFixture.path;
import static io.switchboard.callrecords.CallRecordFixture.session;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CallRecordSessionsTest {
    private final CallRecordFixture fixture = new CallRecordFixture();
    private final String sessions = RECORDS + "/4711/sessions";

    private Answer post(Map<String, Object> body) {
        return fixture.send("POST", sessions, body);
    }

    @Test
    void a_session_is_answered_as_a_following_get_shows_it() {
        Answer created = post(session("one")).is(201);

        assertThat(created.header("OData-Version")).isEqualTo("4.0");
        assertThat(created.text("@odata.context"))
                .isEqualTo(
                        "https://api.contoso.example/v1.0/$metadata#communications/callRecords('4711')/sessions(segments())/$entity");
        String location = String.valueOf(created.header("Location"));
        assertThat(location).startsWith("https://api.contoso.example/v1.0/communications/callRecords/4711/sessions/~");
        Answer read = fixture.get(path(location), "$expand", "segments").is(200);
        assertThat(read.json()).isEqualTo(created.json());
        assertThat(read.header("ETag")).isEqualTo(created.header("ETag"));
        assertThat(read.json()).containsEntry("failureInfo", null).containsEntry("isTest", null);
        assertThat(read.text("caller.@odata.type")).isEqualTo("#microsoft.graph.callRecords.participantEndpoint");
        assertThat(fixture.get(sessions + "/one").is(200).json()).doesNotContainKey("segments");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/v1.0", "/beta"})
    void each_service_root_answers_with_its_own_links(String base) {
        String path = base + "/communications/callRecords/4711/sessions";

        Answer created = fixture.send("POST", path, session("one")).is(201);

        assertThat(created.header("Location")).startsWith("https://api.contoso.example" + path + "/");
        assertThat(created.text("@odata.context")).startsWith("https://api.contoso.example" + base + "/$metadata#");
        fixture.get(path + "/one").is(200);
    }

    @Test
    void the_first_session_makes_the_record_and_the_next_ones_widen_it() {
        post(bare("one")).is(201);
        post(with(
                        with(
                                with(bare("two"), "startDateTime", "2026-03-04T10:15:01+01:00"),
                                "endDateTime",
                                "2026-03-04T12:00:00Z"),
                        "modalities",
                        List.of("video")))
                .is(201);

        Answer record = fixture.get(RECORDS + "/4711").is(200);

        assertThat(record.at("version")).isEqualTo(0);
        assertThat(record.text("type")).isEqualTo("unknown");
        assertThat(record.text("startDateTime")).isEqualTo("2026-03-04T10:15:01+01:00");
        assertThat(record.text("endDateTime")).isEqualTo("2026-03-04T12:00:00Z");
        assertThat((List<?>) record.at("modalities")).hasSize(2);
        assertThat(record.json()).containsEntry("organizer_v2", null).doesNotContainKey("sessions");
    }

    @Test
    void the_same_session_again_changes_nothing_however_it_is_written() {
        Answer first = post(session("one")).is(201);

        Answer again = post(with(session("one"), "startDateTime", "2026-03-04T10:15:02.4410000+01:00"))
                .is(201);

        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(fixture.get(sessions + "/$count").is(200).body()).isEqualTo("1");
    }

    @Test
    void what_was_missing_is_filled_and_what_differs_is_a_conflict_that_points_to_patch() {
        Answer first = post(bare("one")).is(201);

        Answer filled = post(with(session("one"), "isTest", true)).is(201);
        Answer refused = post(with(session("one"), "caller", Map.of("name", "LAPTOP-OMAR")))
                .isError(409, "nameAlreadyExists");

        assertThat(filled.at("isTest")).isEqualTo(true);
        assertThat(filled.each("segments", "id")).containsExactly("one");
        assertThat(refused.text("error.target")).isEqualTo("caller.name");
        assertThat(refused.text("error.message")).contains("PATCH " + first.header("Location"));
        assertThat(fixture.get(sessions + "/one").text("caller.name")).isEqualTo("LAPTOP-NORA");
    }

    @Test
    void an_id_may_repeat_with_another_start_or_callee_and_each_has_a_path_of_its_own() {
        Answer late =
                post(with(bare("one"), "startDateTime", "2026-03-04T09:16:00Z")).is(201);
        Answer early = post(bare("one")).is(201);
        Answer queue = post(with(
                        bare("one"), "callee", Map.of("userAgent", Map.of("role", "skypeForBusinessCallQueues"))))
                .is(201);

        assertThat(fixture.get(sessions + "/$count").body()).isEqualTo("3");
        assertThat(fixture.get(sessions + "/one").text("startDateTime")).isEqualTo("2026-03-04T09:15:02.441Z");
        assertThat(fixture.get(path(late.header("Location"))).text("startDateTime"))
                .isEqualTo("2026-03-04T09:16:00Z");
        assertThat(fixture.get(path(queue.header("Location"))).text("callee.userAgent.role"))
                .isEqualTo("skypeForBusinessCallQueues");
        Answer ambiguous =
                fixture.send("PATCH", sessions + "/one", Map.of("isTest", true)).isError(409, "ambiguousSessionId");
        assertThat(ambiguous.detailTargets())
                .containsExactlyInAnyOrder(late.header("Location"), early.header("Location"), queue.header("Location"));
        fixture.send("DELETE", sessions + "/one").isError(409, "ambiguousSessionId");
        fixture.send("DELETE", path(queue.header("Location"))).is(204);
        fixture.send("DELETE", path(late.header("Location"))).is(204);
        fixture.send("PATCH", sessions + "/one", Map.of("isTest", true)).is(200);
    }

    @Test
    void without_an_id_the_content_gives_one_and_the_same_content_the_same() {
        Answer first = post(with(session("one"), "id", null)).is(201);
        Answer again = post(with(session("one"), "id", null)).is(201);
        Answer other =
                post(with(with(session("one"), "id", null), "isTest", true)).is(201);

        assertThat(again.text("id")).isEqualTo(first.text("id"));
        assertThat(other.text("id")).isNotEqualTo(first.text("id"));
        assertThat(fixture.get(sessions + "/$count").body()).isEqualTo("2");
    }

    @Test
    void an_idempotency_key_is_replayed_with_the_same_body_and_refused_with_another() {
        var event = fixture.event("POST", sessions)
                .header("Idempotency-Key", "key-1")
                .body(with(bare("one"), "id", null));
        Answer first = fixture.send(event.copy(), "POST", sessions).is(201);
        Answer replay = fixture.send(event.copy(), "POST", sessions).is(201);
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
    void pages_hold_sixty_and_lead_through_all_sessions() {
        for (int i = 0; i < 130; i++) {
            post(bare(String.format(Locale.ROOT, "session-%03d", i))).is(201);
        }
        List<Object> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        Answer page = fixture.get(sessions, "$select", "id", "$count", "true").is(200);
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
    void top_bounds_the_total_over_pages_and_a_preference_lowers_a_page() {
        for (int i = 0; i < 5; i++) {
            post(bare("session-" + i)).is(201);
        }

        Answer first = fixture.send(
                        fixture.event("GET", sessions)
                                .header("Prefer", "odata.maxpagesize=2")
                                .query("$top", "3"),
                        "GET",
                        sessions)
                .is(200);
        Answer second = fixture.follow(first.text("@odata.nextLink")).is(200);

        assertThat(first.header("Preference-Applied")).isEqualTo("odata.maxpagesize=2");
        assertThat(first.each("value", "id")).containsExactly("session-0", "session-1");
        assertThat(second.each("value", "id")).containsExactly("session-2");
        assertThat(second.json()).doesNotContainKey("@odata.nextLink");
    }

    @Test
    void a_link_is_of_its_own_list_and_tenant_only() {
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
            expand    | segments      | unknownQueryOption expand
            $top      | 0             | invalidValue $top
            $top      | many          | invalidValue $top
            $count    | yes           | invalidValue $count
            $expand   | media         | invalidValue $expand
            $select   | name          | invalidValue $select
            """)
    void an_option_that_is_not_honoured_is_an_error(String option, String value, String violation) {
        fixture.get(sessions, option, value).isInvalid(violation);
    }

    @Test
    void a_patch_changes_what_it_names_and_removes_what_is_null() {
        Answer created = post(with(session("one"), "failureInfo", Map.of("stage", "midcall", "reason", "ICE failed")))
                .is(201);

        Answer patched = fixture.send(
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
    void a_patch_of_the_start_moves_the_session_to_its_new_key() {
        Answer created = post(session("one")).is(201);

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
    void a_patch_refuses_what_it_cannot_change_all_at_once() {
        post(session("one")).is(201);

        fixture.send("PATCH", sessions + "/one", Map.of("segments", List.of(), "id", "two"))
                .isInvalid("readOnlyMember segments", "readOnlyMember id");
        fixture.send("PATCH", sessions + "/one", Map.of("modalities", List.of("unknown"), "isTest", "yes"))
                .isInvalid("invalidEnumMember modalities[0]", "wrongType isTest");
        assertThat(fixture.get(sessions + "/one").json()).containsEntry("isTest", null);
    }

    @Test
    void if_match_guards_changes_and_if_none_match_saves_reading() {
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
    void preferences_for_answers_are_followed() {
        Answer minimal = fixture.send(
                        fixture.event("POST", sessions)
                                .header("Prefer", "return=minimal")
                                .body(bare("one")),
                        "POST",
                        sessions)
                .is(204);
        Answer omitted = fixture.send(
                        fixture.event("GET", sessions + "/one").header("Prefer", "omit-values=nulls"),
                        "GET",
                        sessions + "/one")
                .is(200);
        post(with(
                        bare("acs"),
                        "caller",
                        Map.of("userAgent", Map.of("platform", "web", "productFamily", "azureCommunicationServices"))))
                .is(201);
        Answer unknown = fixture.send(
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
    void a_record_that_must_exist_is_not_made_by_a_session() {
        CallRecordFixture strict = new CallRecordFixture("CALL_RECORD_MUST_EXIST", "true");

        strict.send("POST", sessions, session("one")).isError(404, "notFound");
        strict.send("POST", RECORDS, CallRecordFixture.record("4711", 1)).is(201);
        strict.send("POST", sessions, session("one")).is(201);
    }

    @Test
    void ids_that_paths_cannot_carry_are_reached_by_the_sessions_own_key() {
        for (String id : List.of("a/b", "~x", "é+ 'q'", "$count")) {
            Answer created = post(bare(id)).is(201);
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
    void nothing_of_another_tenant_is_seen() {
        post(session("one")).is(201);
        CallRecordFixture same = fixture;
        Answer other =
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
    void a_body_too_large_says_how_large_it_may_be() {
        post(with(bare("one"), "caller", Map.of("name", "x".repeat(4 * 1_048_576))))
                .isError(413, "contentTooLarge");
        Answer quotes = post(with(bare("one"), "caller", Map.of("name", "\"".repeat(1_500_000))))
                .isError(413, "contentTooLarge");

        assertThat(quotes.text("error.message")).contains("quotes and backslashes counted twice");
        fixture.get(RECORDS + "/4711").isError(404, "notFound");
    }
}
