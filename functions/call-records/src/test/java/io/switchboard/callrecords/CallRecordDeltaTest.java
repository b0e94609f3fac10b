package io.switchboard.callrecords;

import static io.switchboard.callrecords.CallRecordFixture.RECORDS;
import static io.switchboard.callrecords.CallRecordFixture.record;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.store.CallRecordChanges;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the delta function of call records over its route. */
class CallRecordDeltaTest {
    private static final String DELTA = RECORDS + "/delta";

    private final CallRecordFixture fixture = new CallRecordFixture();
    private Instant now = Instant.parse("2026-11-21T10:00:00.250Z");
    private final ManageCallRecords function = new ManageCallRecords(fixture.environment, () -> now);

    private FunctionResponse send(ApiEvent event) {
        return event.backend("CallRecords.ReadWrite.All")
                .claim("tid", fixture.tenant)
                .sendTo(function);
    }

    private FunctionResponse get(String path, String... options) {
        ApiEvent event = ApiEvent.of("GET", path).header("Prefer", "odata.maxpagesize=2");
        for (int i = 0; i < options.length; i += 2) {
            event.query(options[i], options[i + 1]);
        }
        return send(event);
    }

    private FunctionResponse follow(String link) {
        return send(ApiEvent.follow(link).header("Prefer", "odata.maxpagesize=2"));
    }

    private void put(String id, long version) {
        send(ApiEvent.of("POST", RECORDS).body(record(id, version))).is(201);
    }

    @Test
    void pages_lead_to_a_delta_link_and_later_changes_follow() {
        List.of("a", "b", "c").forEach(id -> put(id, 1));

        FunctionResponse first = get(DELTA).is(200);
        FunctionResponse second = follow(first.text("@odata.nextLink")).is(200);

        assertThat(first.text("@odata.context")).endsWith("/v1.0/$metadata#communications/callRecords/$delta");
        assertThat(first.each("value", "id")).containsExactly("a", "b");
        assertThat(first.json()).doesNotContainKey("@odata.deltaLink");
        assertThat(second.each("value", "id")).containsExactly("c");
        assertThat(second.json()).doesNotContainKey("@odata.nextLink");
        String link = second.text("@odata.deltaLink");
        assertThat(link).startsWith("https://api.contoso.example" + DELTA + "?$deltatoken=");

        now = now.plusSeconds(1);
        send(ApiEvent.of("DELETE", RECORDS + "/a")).is(204);
        put("c", 2);
        now = now.plus(CallRecordChanges.BEHIND);
        FunctionResponse changes = follow(link).is(200);
        StringBuilder shown = new StringBuilder(String.valueOf(changes.json().get("value")));
        while (changes.json().containsKey("@odata.nextLink")) {
            changes = follow(changes.text("@odata.nextLink")).is(200);
            shown.append(changes.json().get("value"));
        }
        assertThat(shown.toString())
                .contains("{@removed={reason=deleted}, id=a}")
                .contains("id=c, version=2");
        assertThat(follow(changes.text("@odata.deltaLink")).is(200).each("value", "id"))
                .isEmpty();
    }

    @Test
    void select_stays_in_the_links_and_the_id_is_always_shown() {
        put("a", 1);
        put("b", 1);
        put("c", 1);

        FunctionResponse page = get(DELTA, "$select", "version").is(200);
        FunctionResponse next = follow(page.text("@odata.nextLink")).is(200);

        assertThat(page.at("value[0]")).isEqualTo(Map.of("version", 1, "id", "a"));
        assertThat(next.at("value[0]")).isEqualTo(Map.of("version", 1, "id", "c"));
        assertThat(next.text("@odata.deltaLink")).contains("$select=version", "$deltatoken=");
    }

    @Test
    void page_has_the_requested_form() {
        put("a", 1);

        FunctionResponse none = send(ApiEvent.of("GET", DELTA).header("Accept", "application/json;odata.metadata=none"))
                .is(200);
        FunctionResponse full = send(ApiEvent.of("GET", DELTA)
                        .header("Accept", "application/json;odata.metadata=full;IEEE754Compatible=true"))
                .is(200);

        assertThat(none.json()).containsOnlyKeys("value", "@odata.deltaLink");
        Map<?, ?> record = (Map<?, ?>) requireNonNull(full.at("value[0]"));
        assertThat(record.get("@odata.type")).isEqualTo("#microsoft.graph.callRecords.callRecord");
        assertThat(record.get("version")).isEqualTo("1");
        now = now.plusSeconds(1);
        send(ApiEvent.of("DELETE", RECORDS + "/a")).is(204);
        now = now.plus(CallRecordChanges.BEHIND);
        assertThat(follow(none.text("@odata.deltaLink")).is(200).at("value[0]"))
                .isEqualTo(Map.of("@removed", Map.of("reason", "deleted"), "id", "a"));
    }

    @Test
    void latest_skips_the_stored_records() {
        put("a", 1);
        now = now.plus(Duration.ofHours(1));

        FunctionResponse latest = get(DELTA, "$deltatoken", "latest").is(200);
        put("b", 1);
        now = now.plus(CallRecordChanges.BEHIND);

        assertThat(latest.each("value", "id")).isEmpty();
        assertThat(follow(latest.text("@odata.deltaLink")).each("value", "id")).containsExactly("b");
    }

    @Test
    void token_older_than_deletions_are_kept_is_410_with_the_url_to_start_again() {
        String link = get(DELTA, "$select", "version").text("@odata.deltaLink");
        now = now.plus(CallRecordChanges.LONGEST_PAUSE);

        FunctionResponse gone = follow(link).isError(410, "resyncRequired");

        assertThat(gone.header("Location")).isEqualTo("https://api.contoso.example" + DELTA + "?$select=version");
        follow(String.valueOf(gone.header("Location"))).is(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delta()", "microsoft.graph.delta()", "microsoft.graph.callRecords.delta()"})
    void call_of_the_function_with_parentheses_is_the_same(String call) {
        put("a", 1);

        FunctionResponse page = get(RECORDS + "/" + call).is(200);

        assertThat(page.each("value", "id")).containsExactly("a");
        follow(page.text("@odata.deltaLink")).is(200);
    }

    @Test
    void token_of_something_else_is_rejected() {
        put("a", 1);
        put("b", 1);
        put("c", 1);
        String next = get(DELTA).text("@odata.nextLink");
        String token = next.substring(next.indexOf("token=") + "token=".length());

        get(DELTA, "$deltatoken", "x").isInvalid("invalidPageToken $deltatoken");
        get(DELTA, "$skiptoken", "x").isInvalid("invalidPageToken $skiptoken");
        get(DELTA, "$skiptoken", token, "$select", "id").isInvalid("invalidPageToken $skiptoken");
        get(DELTA, "$skiptoken", token, "$deltatoken", token).isInvalid("notAllowed $deltatoken");
        get(RECORDS, "$skiptoken", token).isInvalid("invalidPageToken $skiptoken");
        get(DELTA, "$filter", "version eq 1").isInvalid("unknownQueryOption $filter");
    }
}
