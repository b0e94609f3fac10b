package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.bare;
import static io.switchboard.callrecords.CallRecordFixture.record;
import static io.switchboard.callrecords.CallRecordFixture.segment;
import static io.switchboard.callrecords.CallRecordFixture.session;
import static io.switchboard.callrecords.CallRecordFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.FunctionResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests call records, participants, organizers and segments over their routes. */
class CallRecordsTest {
    private static final String ONE = RECORDS + "/4711";

    private final CallRecordFixture fixture = new CallRecordFixture();

    private static Map<String, Object> participant(String user) {
        return Map.of("identity", Map.of("user", Map.of("id", user, "displayName", "Nora")));
    }

    private static Map<String, Object> whole(long version) {
        return with(
                with(
                        with(record("4711", version), "sessions", List.of(session("one"), bare("two"))),
                        "participants_v2",
                        List.of(participant("nora"), participant("omar"))),
                "organizer_v2",
                participant("nora"));
    }

    @Test
    void record_is_stored_with_its_children_and_returned_expanded() {
        FunctionResponse created = fixture.send("POST", RECORDS, whole(1)).is(201);

        assertThat(created.header("Location")).isEqualTo("https://api.contoso.example" + ONE);
        assertThat(created.each("sessions", "id")).containsExactly("one", "two");
        assertThat(created.each("participants_v2", "id")).containsExactly("nora", "omar");
        assertThat(created.text("organizer_v2.id")).isEqualTo("nora");
        FunctionResponse read = fixture.get(ONE, "$expand", "sessions($expand=segments),participants_v2")
                .is(200);
        assertThat(read.json()).isEqualTo(created.json());
        assertThat(read.text("sessions[0].segments[0].media[0].label")).isEqualTo("main-audio");
        assertThat(fixture.get(ONE).json()).doesNotContainKeys("sessions", "participants_v2");
    }

    @Test
    void higher_version_replaces_everything_and_an_equal_or_lower_one_nothing() {
        fixture.send("POST", RECORDS, whole(2)).is(201);
        fixture.send("POST", ONE + "/sessions", bare("posted")).is(201);

        FunctionResponse equal = fixture.send("POST", RECORDS, with(whole(2), "type", "peerToPeer"))
                .is(200);
        FunctionResponse older = fixture.send("POST", RECORDS, whole(1)).is(200);

        assertThat(equal.text("type")).isEqualTo("groupCall");
        assertThat(older.at("version")).isEqualTo(2);
        assertThat(fixture.get(ONE + "/sessions").each("value", "id")).containsExactly("one", "posted", "two");
        fixture.send("POST", RECORDS, with(record("4711", 3), "sessions", List.of(bare("three"))))
                .is(201);
        assertThat(fixture.get(ONE + "/sessions").each("value", "id")).containsExactly("three");
        assertThat(fixture.get(ONE + "/participants_v2").each("value", "id")).isEmpty();
        fixture.get(ONE + "/organizer_v2").isError(404, "notFound");
    }

    @Test
    void record_without_sessions_keeps_sessions_posted_before() {
        fixture.send("POST", ONE + "/sessions", bare("early")).is(201);
        fixture.send("POST", RECORDS, with(whole(1), "sessions", null)).is(201);

        assertThat(fixture.get(ONE + "/sessions").each("value", "id")).containsExactly("early");
        assertThat(fixture.get(ONE).at("version")).isEqualTo(1);
        assertThat(fixture.get(ONE + "/participants_v2").each("value", "id")).containsExactly("nora", "omar");
    }

    @Test
    void session_keeps_the_version_and_delete_removes_all_children() {
        fixture.send("POST", RECORDS, whole(7)).is(201);
        fixture.send("POST", ONE + "/sessions", bare("posted")).is(201);
        assertThat(fixture.get(ONE).at("version")).isEqualTo(7);

        fixture.send("DELETE", ONE).is(204);

        fixture.get(ONE).isError(404, "notFound");
        fixture.get(ONE + "/sessions").isError(404, "notFound");
        fixture.get(ONE + "/participants_v2/nora").isError(404, "notFound");
        fixture.send("DELETE", ONE).isError(404, "notFound");
        fixture.send("POST", ONE + "/sessions", bare("after")).is(201);
        assertThat(fixture.get(ONE + "/sessions").each("value", "id")).containsExactly("after");
    }

    @Test
    void record_without_an_id_gets_one_derived_from_its_content() {
        FunctionResponse first =
                fixture.send("POST", RECORDS, with(record("", 1), "id", null)).is(201);
        FunctionResponse again =
                fixture.send("POST", RECORDS, with(record("", 1), "id", null)).is(200);

        assertThat(again.text("id")).isEqualTo(first.text("id"));
    }

    @Test
    void idempotency_key_of_a_record_is_replayed() {
        var event = fixture.event("POST", RECORDS)
                .header("Idempotency-Key", "key-1")
                .body(whole(1));

        FunctionResponse first = fixture.send(event.copy(), "POST", RECORDS).is(201);
        FunctionResponse replay = fixture.send(event.copy(), "POST", RECORDS).is(201);
        fixture.send(event.copy().body(whole(2)), "POST", RECORDS).isError(422, "idempotencyKeyReused");

        assertThat(replay.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(replay.json()).isEqualTo(first.json());
    }

    @Test
    void sessions_with_one_key_in_one_body_must_have_equal_content_if_the_request_is_strict() {
        fixture.send("POST", RECORDS, with(record("4711", 1), "sessions", List.of(bare("one"), bare("one"))))
                .is(201);
        fixture.send(
                        fixture.event("POST", RECORDS)
                                .header("Prefer", "handling=strict")
                                .body(with(
                                        record("4711", 2),
                                        "sessions",
                                        List.of(bare("one"), with(bare("one"), "isTest", true)))),
                        "POST",
                        RECORDS)
                .isInvalid("duplicateValue sessions[1]");
        fixture.send(
                        "POST",
                        RECORDS,
                        with(record("4711", 2), "sessions", List.of(with(bare("one"), "modalities", null))))
                .isInvalid("required sessions[0].modalities");
        fixture.send("POST", RECORDS, record("4711", -1)).isInvalid("invalidValue version");
        assertThat(fixture.get(ONE).at("version")).isEqualTo(1);
    }

    @Test
    void response_can_be_sent_back_by_patch_at_every_level() {
        Map<String, Object> record = new java.util.LinkedHashMap<>(whole(1));
        record.put("organizer_v2", Map.of("identity", Map.of("user", Map.of("id", "ann", "displayName", "Ann"))));
        fixture.send("POST", RECORDS, record).is(201);

        for (String path : List.of(
                ONE,
                ONE + "/organizer_v2",
                ONE + "/participants_v2/nora",
                ONE + "/sessions/one",
                ONE + "/sessions/one/segments/"
                        + fixture.get(ONE + "/sessions/one/segments").text("value[0].id"))) {
            FunctionResponse before = fixture.get(path).is(200);
            assertThat(fixture.send("PATCH", path, before.json()).is(200).json().entrySet())
                    .as(path)
                    .filteredOn(member -> !member.getKey().equals("lastModifiedDateTime"))
                    .containsAll(before.json().entrySet().stream()
                            .filter(member -> !member.getKey().equals("lastModifiedDateTime"))
                            .toList());
        }
        FunctionResponse expanded = fixture.get(ONE, "$expand", "sessions($expand=segments),participants_v2");
        fixture.send("PATCH", ONE, expanded.is(200).json()).is(200);
        FunctionResponse session = fixture.get(ONE + "/sessions/one", "$expand", "segments");
        fixture.send("PATCH", ONE + "/sessions/one", session.is(200).json()).is(200);
        fixture.send("PATCH", ONE, Map.of("organizer_v2", Map.of("id", "bob")))
                .isInvalid("readOnlyMember organizer_v2");
    }

    @Test
    void organizer_in_another_notation_is_sent_back_by_patch_and_a_changed_one_is_rejected() {
        Map<String, Object> record = new java.util.LinkedHashMap<>(whole(1));
        record.put("organizer_v2", Map.of("id", "ann", "identity", Map.of("endpointType", "default")));
        fixture.send("POST", RECORDS, record).is(201);

        Map<String, Object> same = new java.util.LinkedHashMap<>();
        same.put("id", "ann");
        same.put("administrativeUnitInfos", null);
        same.put("identity", Map.of("endpointType", "unknownFutureValue"));
        fixture.send("PATCH", ONE, Map.of("organizer_v2", same)).is(200);
        same.put("identity", Map.of("endpointType", "voicemail"));
        fixture.send("PATCH", ONE, Map.of("organizer_v2", same)).isInvalid("readOnlyMember organizer_v2");
        same.put("identity", Map.of("endpointType", "default", "user", Map.of("id", "ann")));
        fixture.send("PATCH", ONE, Map.of("organizer_v2", same)).isInvalid("readOnlyMember organizer_v2");
    }

    @Test
    void organizer_is_created_by_patch() {
        fixture.send("POST", RECORDS, whole(1)).is(201);
        fixture.send("DELETE", ONE + "/organizer_v2").is(204);
        fixture.send("PATCH", ONE + "/organizer_v2", Map.of()).isError(404, "notFound");

        FunctionResponse created = fixture.send(
                        "PATCH", ONE + "/organizer_v2", Map.of("identity", Map.of("user", Map.of("id", "ines"))))
                .is(201);

        assertThat(created.text("id")).isEqualTo("ines");
        assertThat(CallRecordFixture.path(created.header("Location"))).isEqualTo(ONE + "/organizer_v2");
        assertThat(fixture.get(ONE).text("organizer_v2.identity.user.id")).isEqualTo("ines");
        assertThat(created.header("ETag")).isEqualTo(fixture.get(ONE).header("ETag"));
    }

    @Test
    void id_with_braces_is_encoded_in_its_location() {
        Map<String, Object> record = new java.util.LinkedHashMap<>(whole(1));
        record.put("id", "{a3bb189e}");

        FunctionResponse created = fixture.send("POST", RECORDS, record).is(201);

        String path = CallRecordFixture.path(created.header("Location"));
        assertThat(path).contains("/~");
        assertThat(fixture.get(path).is(200).at("id")).isEqualTo("{a3bb189e}");
        fixture.send("POST", RECORDS + "/{callRecordId}/sessions", Map.of()).isInvalid("invalidValue callRecordId");
        fixture.get(RECORDS + "/{callRecordId}").isInvalid("invalidValue callRecordId");
        fixture.send("DELETE", RECORDS + "/{id}/participants_v2/{participantId}")
                .isInvalid("invalidValue callRecordId", "invalidValue participantId");
    }

    @Test
    void patch_changes_the_record_but_not_its_version_or_children() {
        fixture.send("POST", RECORDS, whole(1)).is(201);

        FunctionResponse patched = fixture.send("PATCH", ONE, Map.of("joinWebUrl", "https://meet.example/4711"))
                .is(200);
        fixture.send("PATCH", ONE, Map.of("version", 2)).isInvalid("invalidValue version");
        fixture.send("PATCH", ONE, Map.of("sessions", List.of())).isInvalid("readOnlyMember sessions");
        fixture.send("PATCH", ONE, Map.of("id", "4712")).isInvalid("readOnlyMember id");

        assertThat(patched.text("joinWebUrl")).isEqualTo("https://meet.example/4711");
        assertThat(patched.at("version")).isEqualTo(1);
        assertThat(fixture.get(ONE + "/sessions/$count").body()).isEqualTo("2");
        String tag = String.valueOf(patched.header("ETag"));
        fixture.send(fixture.event("DELETE", ONE).header("If-Match", "W/\"0\""), "DELETE", ONE)
                .isError(412, "preconditionFailed");
        fixture.send(fixture.event("GET", ONE).header("If-None-Match", tag), "GET", ONE)
                .is(304);
    }

    @Test
    void organizer_is_read_changed_and_removed() {
        fixture.send("POST", RECORDS, whole(1)).is(201);

        assertThat(fixture.get(ONE + "/organizer_v2").is(200).text("identity.user.displayName"))
                .isEqualTo("Nora");
        assertThat(fixture.send(
                                "PATCH",
                                ONE + "/organizer_v2",
                                Map.of("identity", Map.of("user", Map.of("displayName", "Nora Field"))))
                        .is(200)
                        .text("identity.user.displayName"))
                .isEqualTo("Nora Field");
        fixture.send("DELETE", ONE + "/organizer_v2").is(204);
        fixture.get(ONE + "/organizer_v2").isError(404, "notFound");
        fixture.send("DELETE", ONE + "/organizer_v2").isError(404, "notFound");
        assertThat(fixture.get(ONE).json()).containsEntry("organizer_v2", null);
        assertThat(fixture.get(ONE, "$select", "id,version").json().keySet())
                .containsExactlyInAnyOrder("@odata.context", "id", "version");
    }

    @Test
    void participants_are_posted_listed_in_pages_changed_and_deleted() {
        fixture.send("POST", RECORDS, record("4711", 1)).is(201);
        String participants = ONE + "/participants_v2";
        for (int i = 0; i < 140; i++) {
            fixture.send("POST", participants, participant(String.format(Locale.ROOT, "user-%03d", i)))
                    .is(201);
        }
        FunctionResponse first = fixture.get(participants, "$count", "true").is(200);
        FunctionResponse second = fixture.follow(first.text("@odata.nextLink")).is(200);

        assertThat(first.at("@odata.count")).isEqualTo(140);
        assertThat(first.each("value", "id")).hasSize(130);
        assertThat(second.each("value", "id")).hasSize(10);
        assertThat(fixture.get(participants + "/$count").body()).isEqualTo("140");
        FunctionResponse nested =
                fixture.get(ONE, "$expand", "participants_v2($select=id)").is(200);
        assertThat(nested.each("participants_v2", "id")).hasSize(130);
        assertThat(fixture.follow(nested.text("participants_v2@odata.nextLink"))
                        .is(200)
                        .each("value", "id"))
                .hasSize(10);
        String one = participants + "/user-007";
        fixture.send("POST", participants, participant("user-007")).is(201);
        fixture.send(
                        "POST",
                        participants,
                        Map.of("identity", Map.of("user", Map.of("id", "user-007", "displayName", "Omar"))))
                .isError(409, "nameAlreadyExists");
        assertThat(fixture.send("PATCH", one, Map.of("identity", Map.of("user", Map.of("displayName", "Omar"))))
                        .is(200)
                        .text("identity.user.displayName"))
                .isEqualTo("Omar");
        fixture.send("DELETE", one).is(204);
        fixture.get(one).isError(404, "notFound");
    }

    @Test
    void records_are_listed_by_start_with_filters_and_counted() {
        for (int day = 1; day <= 3; day++) {
            for (int hour = 8; hour <= 9; hour++) {
                Map<String, Object> body = with(
                        record(day + "-" + hour, 1),
                        "startDateTime",
                        String.format(Locale.ROOT, "2026-03-%02dT%02d:00:00Z", day, hour));
                fixture.send(
                                "POST",
                                RECORDS,
                                hour == 9 ? with(body, "participants_v2", List.of(participant("nora"))) : body)
                        .is(201);
            }
        }
        String since = "startDateTime ge 2026-03-01T09:00:00Z and startDateTime lt 2026-03-03T09:00:00Z";

        assertThat(fixture.get(RECORDS).is(200).each("value", "id"))
                .containsExactly("1-8", "1-9", "2-8", "2-9", "3-8", "3-9");
        assertThat(fixture.get(RECORDS, "$filter", since).each("value", "id"))
                .containsExactly("1-9", "2-8", "2-9", "3-8");
        assertThat(fixture.get(RECORDS, "$filter", since + " and participants_v2/any(p:p/id eq 'nora')")
                        .each("value", "id"))
                .containsExactlyInAnyOrder("1-9", "2-9");
        assertThat(fixture.get(RECORDS + "/$count").body()).isEqualTo("6");
        assertThat(fixture.get(RECORDS + "/$count", "$filter", since).body()).isEqualTo("4");
        FunctionResponse counted = fixture.get(RECORDS, "$count", "true", "$top", "2", "$select", "id");
        assertThat(counted.at("@odata.count")).isEqualTo(6);
        assertThat(counted.each("value", "id")).containsExactly("1-8", "1-9");
        List<Object> seen = new ArrayList<>();
        FunctionResponse page = fixture.send(
                fixture.event("GET", RECORDS)
                        .header("Prefer", "odata.maxpagesize=4")
                        .query("$filter", since),
                "GET",
                RECORDS);
        while (true) {
            seen.addAll(page.each("value", "id"));
            @Nullable Object next = page.json().get("@odata.nextLink");
            if (next == null) {
                break;
            }
            page = fixture.follow(String.valueOf(next)).is(200);
        }
        assertThat(seen).containsExactly("1-9", "2-8", "2-9", "3-8");
        fixture.get(RECORDS, "$expand", "sessions").isInvalid("unknownQueryOption $expand");
    }

    @Test
    void expanded_sessions_continue_in_pages_of_the_list() {
        List<Map<String, Object>> sessions = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            sessions.add(session(String.format(Locale.ROOT, "session-%02d", i)));
        }
        fixture.send("POST", RECORDS, with(record("4711", 1), "sessions", sessions))
                .is(201);

        FunctionResponse record = fixture.get(ONE, "$expand", "sessions($expand=segments;$select=id)")
                .is(200);
        FunctionResponse rest =
                fixture.follow(record.text("sessions@odata.nextLink")).is(200);

        assertThat(record.each("sessions", "id")).hasSize(60);
        assertThat(rest.each("value", "id")).hasSize(10);
        assertThat(rest.each("value", "segments")).hasSize(10);
        assertThat(rest.text("value[0].segments[0].id")).isEqualTo("session-60");
    }

    @Test
    void segments_are_read_added_changed_and_deleted_individually() {
        fixture.send("POST", ONE + "/sessions", session("one")).is(201);
        String segments = ONE + "/sessions/one/segments";

        fixture.send("POST", segments, segment("two")).is(201);
        FunctionResponse again = fixture.send("POST", segments, segment("two")).is(201);
        fixture.send("POST", segments, with(segment("two"), "endDateTime", "2026-03-04T10:00:00Z"))
                .isError(409, "nameAlreadyExists");

        assertThat(again.header("Location")).endsWith("/segments/two");
        assertThat(fixture.get(segments, "$count", "true", "$select", "id")
                        .is(200)
                        .at("@odata.count"))
                .isEqualTo(2);
        assertThat(fixture.get(segments + "/$count").body()).isEqualTo("2");
        assertThat(fixture.send("PATCH", segments + "/two", Map.of("endDateTime", "2026-03-04T10:00:00Z"))
                        .is(200)
                        .text("endDateTime"))
                .isEqualTo("2026-03-04T10:00:00Z");
        assertThat(fixture.get(segments + "/two").is(200).text("media[0].label"))
                .isEqualTo("main-audio");
        FunctionResponse page = fixture.send(
                        fixture.event("GET", segments).header("Prefer", "odata.maxpagesize=1"), "GET", segments)
                .is(200);
        assertThat(page.each("value", "id")).containsExactly("one");
        assertThat(fixture.follow(page.text("@odata.nextLink")).each("value", "id"))
                .containsExactly("two");
        fixture.send("DELETE", segments + "/one").is(204);
        fixture.send("DELETE", segments + "/one").isError(404, "notFound");
        assertThat(fixture.get(segments).each("value", "id")).containsExactly("two");
    }

    @Test
    void record_with_an_id_that_paths_cannot_carry_is_found_by_its_location() {
        FunctionResponse created =
                fixture.send("POST", RECORDS, record("a/b", 1)).is(201);
        String path = CallRecordFixture.path(created.header("Location"));

        assertThat(fixture.get(path).is(200).text("id")).isEqualTo("a/b");
        fixture.send("POST", path + "/sessions", bare("one")).is(201);
        assertThat(fixture.get(path + "/sessions").each("value", "id")).containsExactly("one");
    }
}
