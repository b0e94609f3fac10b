package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /sessions?status=closed} and its options. */
class ClosedSessionsTest {
    private static final String ORDER_BY = "$orderby";

    private final SessionFixture fixture = new SessionFixture();

    @Test
    void closed_sessions_are_listed_with_the_most_recently_closed_first() {
        List<String> closed = closed("a", "b", "c");
        fixture.session();

        assertThat(ids(list())).containsExactlyElementsOf(closed.reversed());
        assertThat(ids(list().query(ORDER_BY, "closedDateTime desc"))).containsExactlyElementsOf(closed.reversed());
        assertThat(ids(list().query(ORDER_BY, "closedDateTime asc"))).containsExactlyElementsOf(closed);
        assertThat(ids(list().query(ORDER_BY, "closedDateTime"))).containsExactlyElementsOf(closed);
    }

    @Test
    void next_links_keep_the_options_of_the_first_page() {
        List<String> closed = closed("Ada a", "Ada b", "Bob", "Ada c");
        List<Object> seen = new ArrayList<>();
        FunctionResponse page = send(
                list().query("$top", "1").query(ORDER_BY, "closedDateTime asc").query("search", "ada "));
        seen.addAll(page.each("value", "sessionId"));
        while (page.json().containsKey("@odata.nextLink")) {
            String link = page.text("@odata.nextLink");
            assertThat(link).contains("$orderby=closedDateTime%20asc", "search=ada%20", "status=closed");
            assertThat(link.substring(link.indexOf("$skiptoken=")).length()).isLessThan(1_024);
            page = send(mine(ApiEvent.follow(link)));
            seen.addAll(page.each("value", "sessionId"));
        }

        assertThat(seen).containsExactly(closed.get(0), closed.get(1), closed.get(3));
    }

    @Test
    void closed_sessions_are_filtered_by_time_template_and_text() {
        List<String> closed = closed("Ada", "Bob");
        String other =
                fixture.create(Map.of("templateName", "msdyn_chat_session")).text("sessionId");
        FunctionResponse last = fixture.close(other).is(200);
        String closedAt = last.text("closedDateTime");

        assertThat(ids(list().query("templateName", "msdyn_chat_session"))).containsExactly(other);
        assertThat(ids(list().query("search", "ADA"))).containsExactly(closed.getFirst());
        assertThat(ids(list().query("search", ""))).hasSize(3);
        assertThat(ids(list().query("closedFrom", closedAt))).containsExactly(other);
        assertThat(ids(list().query("closedTo", closedAt))).containsExactly(closed.get(1), closed.get(0));
        assertThat(ids(list().query("closedFrom", "2020-01-01T00:00:00+02:00").query("closedTo", "2100-01-01T00:00Z")))
                .hasSize(3);
    }

    @Test
    void backend_lists_the_closed_sessions_of_a_user() {
        List<String> closed = closed("a", "b");
        ApiEvent backend = ApiEvent.of("GET", "/users/" + fixture.user + "/sessions")
                .backend("Sessions.ReadWrite.All")
                .claim("tid", fixture.tenant)
                .query("status", "closed");

        assertThat(ids(backend)).containsExactlyElementsOf(closed.reversed());
        assertThat(ids(backend.copy().query(ORDER_BY, "closedDateTime asc"))).containsExactlyElementsOf(closed);
    }

    @Test
    void provider_lists_its_own_closed_sessions_only() {
        String own = fixture.post(SessionFixture.CALL)
                .claim("azp", "telephony")
                .sendTo(fixture.create)
                .is(201)
                .text("sessionId");
        closed("of another provider");
        fixture.close(own).is(200);

        assertThat(ids(list().claim("azp", "telephony").permissions("Sessions.ReadWrite.Provider")))
                .containsExactly(own);
        assertThat(ids(list().claim("azp", "stranger").permissions("Sessions.ReadWrite.Provider")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "closedFrom, 2026-11-30T00:00:00Z",
        "closedTo, 2026-11-30T00:00:00Z",
        "search, x",
        "$orderby, closedDateTime desc"
    })
    void option_of_closed_sessions_is_rejected_without_status_closed(String option, String value) {
        for (ApiEvent list : List.of(
                fixture.event("GET", "/sessions"),
                fixture.event("GET", "/sessions").query("status", "open"))) {
            FunctionResponse answer =
                    list.query(option, value).sendTo(fixture.manage).isInvalid("notAllowed " + option);
            assertThat(answer.text("error.message")).contains("status=closed");
        }
    }

    @Test
    void all_invalid_options_are_reported_in_one_response() {
        fixture.event("GET", "/sessions")
                .query("closedTo", "x")
                .query("search", "x")
                .query("closedFrom", "x")
                .query(ORDER_BY, "x")
                .sendTo(fixture.manage)
                .isInvalid("notAllowed closedFrom", "notAllowed closedTo", "notAllowed search", "notAllowed $orderby");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday",
                "2026-11-30",
                "2026-11-30T00:00:00",
                "2026-11-30T00:00:00 02:00",
                "2026-13-01T00:00:00Z",
                "2026-11-30T25:00:00Z",
                "2026-11-30T00:00:60Z",
                "1764460800",
                "",
                "'2026-11-30T00:00:00Z'",
                "99999999999-01-01T00:00:00Z"
            })
    void time_without_date_time_or_offset_is_rejected(String time) {
        list().query("closedFrom", time).sendTo(fixture.manage).isInvalid("invalidValue closedFrom");
        list().query("closedTo", time).sendTo(fixture.manage).isInvalid("invalidValue closedTo");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "closedDateTime DESC",
                "closeddatetime desc",
                "createdDateTime desc",
                "closedDateTime desc,sessionId",
                "closedDateTime  desc",
                "desc",
                ""
            })
    void unsupported_order_is_rejected(String order) {
        list().query(ORDER_BY, order).sendTo(fixture.manage).isInvalid("invalidValue $orderby");
    }

    @Test
    void all_invalid_values_are_reported_in_one_response_without_long_echoes() {
        FunctionResponse answer = list().query("closedFrom", "x".repeat(5_000))
                .query("closedTo", "y".repeat(5_000))
                .query("search", "z".repeat(101))
                .query(ORDER_BY, "w".repeat(5_000))
                .sendTo(fixture.manage)
                .isInvalid(
                        "invalidValue closedFrom", "invalidValue closedTo", "tooLong search", "invalidValue $orderby");
        assertThat(answer.json().toString()).hasSizeLessThan(2_000).doesNotContain("x".repeat(101));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-30T00:00:00Z, 2026-11-30T00:00:00Z",
        "2026-11-30T00:00:01Z, 2026-11-30T00:00:00Z",
        "2026-11-30T00:00:00Z, 2026-11-30T01:00:00+01:00"
    })
    void range_that_ends_before_it_begins_is_rejected(String from, String to) {
        list().query("closedFrom", from)
                .query("closedTo", to)
                .sendTo(fixture.manage)
                .isInvalid("invalidValue closedTo");
    }

    @Test
    void search_accepts_a_hundred_characters_of_any_kind() {
        fixture.close(fixture.session());
        assertThat(ids(list().query("search", "😀".repeat(100)))).isEmpty();
        assertThat(ids(list().query("search", "%_*.[\\"))).isEmpty();
    }

    @Test
    void page_token_of_another_order_range_or_search_is_rejected() {
        closed("a", "b", "c");
        String link = send(list().query("$top", "1")).text("@odata.nextLink");
        send(mine(ApiEvent.follow(link)));

        for (ApiEvent event : List.of(
                mine(ApiEvent.follow(link)).query(ORDER_BY, "closedDateTime asc"),
                mine(ApiEvent.follow(link)).query("search", "a"),
                mine(ApiEvent.follow(link)).query("closedFrom", "2026-01-01T00:00:00Z"),
                mine(ApiEvent.follow(link)).query("closedTo", "2100-01-01T00:00:00Z"))) {
            event.sendTo(fixture.manage).isInvalid("invalidPageToken $skiptoken");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "sorted:-:",
                "sorted:-:99999999999.999999999#",
                "sorted:x:01795255200.000000000#a",
                "\u0000"
            })
    void page_token_with_another_position_is_rejected(String position) {
        closed("a", "b");
        String link = send(list().query("$top", "1")).text("@odata.nextLink");
        byte[] token = Base64.getUrlDecoder().decode(link.substring(link.indexOf("$skiptoken=") + 11));
        String text = new String(token, StandardCharsets.ISO_8859_1);
        String forged = text.substring(0, text.indexOf("sorted:")) + position;

        mine(ApiEvent.follow(link))
                .query(
                        "$skiptoken",
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(forged.getBytes(StandardCharsets.ISO_8859_1)))
                .sendTo(fixture.manage)
                .isInvalid("invalidPageToken $skiptoken");
    }

    private ApiEvent list() {
        return fixture.event("GET", "/sessions").query("status", "closed");
    }

    private ApiEvent mine(ApiEvent event) {
        return event.user(fixture.user).claim("tid", fixture.tenant);
    }

    private FunctionResponse send(ApiEvent event) {
        return event.sendTo(fixture.manage).is(200);
    }

    private List<Object> ids(ApiEvent event) {
        return send(event).each("value", "sessionId");
    }

    /** Creates sessions with these customers and closes them one after the other. */
    private List<String> closed(String... customers) {
        List<String> ids = new ArrayList<>();
        for (String customer : customers) {
            String id = fixture.create(Map.of(
                            "templateName", "CallSessionTemplate", "templateParameters", Map.of("customer", customer)))
                    .is(201)
                    .text("sessionId");
            Instant closedAt = Instant.parse(fixture.close(id).is(200).text("closedDateTime"));
            // Ensures different times of closing, because the clock may be coarse.
            while (!Instant.now().isAfter(closedAt)) {
                Thread.onSpinWait();
            }
            ids.add(id);
        }
        return ids;
    }
}
