package io.switchboard.acceptance.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Tests the pages of call records: the list, the timeline and the equivalent table. */
@NeedsBrowser
class CallRecordsPageTest {
    private static final String RECORDS = "/communications/callRecords";

    private static final Instant START = Instant.parse("2026-03-04T09:00:00Z");

    @Test
    void example_is_stored_and_its_segments_show_the_measurements(Windows windows) {
        var agent = Agent.any();
        var window = open(windows, agent, "");
        var page = window.page();
        assertThat(page.getByText("No call records yet.")).isVisible();
        window.expectNoViolations();
        button(page, "Store an example").click();
        var bars = page.getByRole(AriaRole.GROUP).getByRole(AriaRole.BUTTON);
        assertThat(bars).hasCount(3);
        var id = page.url().replaceFirst(".*/", "");
        var sessions = windows.chromium()
                .get(agent, RECORDS + "/" + id + "/sessions?$expand=segments")
                .path("value");
        assertThat(rows(page)).isEqualTo(rowsOf(sessions));

        bars.first().focus();
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Enter");
        var segment = page.getByRole(AriaRole.REGION, named("The segment"));
        assertThat(segment.getByRole(AriaRole.HEADING).first())
                .hasText("Segment 2 of session 1: Nora Field → Omar Stone");
        assertThat(bars.nth(1)).hasAttribute("aria-pressed", "true");
        assertThat(segment)
                .containsText("× Failed Midcall: Media connectivity was lost and could not be re-established.");
        var figures = segment.getByRole(AriaRole.TABLE, new Locator.GetByRoleOptions().setName("Streams between"));
        assertThat(row(figures, "Quality"))
                .hasText(
                        Pattern.compile(
                                "Quality\\s*good\\s*poor\\s*packet loss 12.6 %, more than 10 %; jitter 47 ms, more than 30 ms; .*"));
        assertThat(row(figures, "Average round trip time"))
                .hasText(Pattern.compile("Average round trip time\\s*148 ms\\s*151 ms"));
        assertThat(row(figures, "Average jitter"))
                .hasText(Pattern.compile("Average jitter\\s*21 ms\\s*47 ms\\s*more than 30 ms"));
        assertThat(row(
                        segment.getByRole(AriaRole.TABLE, new Locator.GetByRoleOptions().setName("Endpoints")),
                        "Feedback"))
                .hasText(
                        Pattern.compile(
                                "Feedback\\s*Poor; It broke off in the end.; low volume\\s*–\\s*unknown|Feedback\\s*Poor; It broke off in the end.; low volume\\s*Bad; stopped"));
        window.expectNoViolations();
        Views.expectNoSidewaysScroll(window, 1024);

        page.getByLabel("Media of segment 1 of session 2").click();
        assertThat(segment.getByRole(AriaRole.HEADING).first()).isFocused();
        assertThat(segment.getByRole(AriaRole.HEADING).first())
                .hasText("Segment 1 of session 2: Ines Park → Media controller");
    }

    @Test
    void sessions_are_paged_and_poor_ones_are_found(Windows windows) {
        var agent = Agent.any();
        var sessions =
                IntStream.range(0, 150).mapToObj(CallRecordsPageTest::session).collect(Collectors.joining(","));
        store(windows, agent, record("big", START, "\"sessions\":[" + sessions + "]"));
        var page = open(windows, agent, "/big").page();
        var bars = page.getByRole(AriaRole.GROUP).getByRole(AriaRole.BUTTON);
        assertThat(page.getByText("1 to 60 of 60 so far")).isVisible();
        assertThat(bars).hasCount(60);
        button(page, "Next").click();
        assertThat(page.getByText("61 to 120 of 120 so far")).isVisible();
        assertThat(bars.first()).hasAttribute("aria-label", Pattern.compile("Segment 1 of session 61: Person 60 → .*"));
        button(page, "Load all").click();
        assertThat(page.getByText("61 to 120 of 150")).isVisible();
        assertThat(button(page, "Load all")).isHidden();
        page.getByLabel("Show").selectOption("poor");
        assertThat(page.getByText("1 to 3 of 3")).isVisible();
        assertThat(page.getByRole(AriaRole.CELL, new Page.GetByRoleOptions().setName("poor")))
                .hasCount(3);
        page.getByLabel("Show").selectOption("failed");
        assertThat(page.getByText("None of 150")).isVisible();
    }

    @Test
    void list_is_filtered_by_start_and_participant(Windows windows) {
        var agent = Agent.any();
        for (int i = 0; i < 3; i++) {
            store(
                    windows,
                    agent,
                    record(
                            "record-" + i,
                            START.plusSeconds(86_400L * i),
                            "\"participants_v2\":[{\"identity\":{\"user\":{\"id\":\"o'%d\"}}}]".formatted(i)));
        }
        var window = open(windows, agent, "");
        var page = window.page();
        var links = page.getByRole(AriaRole.TABLE).getByRole(AriaRole.LINK);
        assertThat(links).hasCount(3);
        assertThat(links.first()).hasAttribute("href", "#/call-records/record-0");
        window.expectNoViolations();
        page.getByLabel("Started at or after").fill("2026-03-04T23:00");
        button(page, "Find").click();
        assertThat(links).hasCount(2);
        page.getByLabel("Participant's id").fill("o'2");
        button(page, "Find").click();
        assertThat(links).hasCount(1);
        assertThat(links).hasAttribute("href", "#/call-records/record-2");
        page.getByLabel("Started before").fill("2026-03-05T00:00");
        button(page, "Find").click();
        assertThat(page.getByText("No call record matches.")).isVisible();
        button(page, "All").click();
        assertThat(links).hasCount(3);
    }

    @Test
    void failure_is_shown_and_can_be_retried(Windows windows) {
        var agent = Agent.any();
        store(windows, agent, record("lonely", START, "\"sessions\":[]"));
        var forbidden = open(windows, agent.with("Sessions.ReadWrite"), "").expects("status of 403");
        assertThat(forbidden.page().getByRole(AriaRole.ALERT)).containsText("CallRecords.Read.All");
        var missing = open(windows, agent, "/none").expects("status of 404");
        assertThat(missing.page().getByRole(AriaRole.ALERT)).containsText("The call record none does not exist");
        missing.expectNoViolations();

        var window = open(windows, agent, "").expects("status of 500");
        var page = window.page();
        page.route(
                Pattern.compile("/lonely/sessions"),
                (Route route) -> route.fulfill(new Route.FulfillOptions()
                        .setStatus(500)
                        .setContentType("application/json")
                        .setBody("{\"error\":{\"code\":\"internalServerError\",\"message\":\"It broke.\"}}")));
        page.getByRole(AriaRole.TABLE).getByRole(AriaRole.LINK).click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("It broke.");
        assertThat(page.getByText("The record has no sessions.")).isHidden();
        page.unroute(Pattern.compile("/lonely/sessions"));
        button(page, "Try again").click();
        assertThat(page.getByText("The record has no sessions.")).isVisible();
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
    }

    private static String record(String id, Instant start, String others) {
        return """
                {"id":"%s","version":1,"type":"groupCall","modalities":["audio"],"startDateTime":"%s","endDateTime":"%s",%s}""".formatted(id, start, start.plusSeconds(3600), others);
    }

    /** Returns a session; every fiftieth has jitter. */
    private static String session(int i) {
        Instant start = START.plusSeconds(i);
        return """
                {"id":"%03d","modalities":["audio"],"startDateTime":"%s","endDateTime":"%s",
                 "caller":{"@odata.type":"#microsoft.graph.callRecords.participantEndpoint","associatedIdentity":{"id":"%d","displayName":"Person %d"}},
                 "segments":[{"id":"s","startDateTime":"%s","endDateTime":"%s","media":[{"label":"main-audio","streams":[
                   {"streamDirection":"callerToCallee","packetUtilization":900,"averageJitter":"PT0.0%dS"}]}]}]}""".formatted(
                        i, start, start.plusSeconds(600), i, i, start, start.plusSeconds(600), i % 50 == 0 ? 31 : 30);
    }

    /** Returns the table's rows: the start, the end, the duration and the failure of each segment. */
    private static List<String> rows(Page page) {
        var found = new ArrayList<String>();
        for (Locator row : page.getByRole(
                        AriaRole.TABLE, new Page.GetByRoleOptions().setName("Sessions and segments as a table"))
                .locator("tr:has(time):not(.session)")
                .all()) {
            var times = row.locator("time");
            found.add("%s %s %s %s"
                    .formatted(
                            times.nth(0).getAttribute("datetime"), times.nth(1).getAttribute("datetime"),
                            row.getByRole(AriaRole.CELL).nth(3).innerText(),
                                    row.getByRole(AriaRole.CELL).nth(5).innerText())
                    .strip());
        }
        return found;
    }

    private static List<String> rowsOf(JsonNode sessions) {
        return StreamSupport.stream(sessions.spliterator(), false)
                .sorted(java.util.Comparator.comparing(
                        session -> session.path("startDateTime").asText()))
                .flatMap(
                        session -> StreamSupport.stream(session.path("segments").spliterator(), false))
                .map(segment -> {
                    var start = Instant.parse(segment.path("startDateTime").asText());
                    var end = Instant.parse(segment.path("endDateTime").asText());
                    long seconds = end.getEpochSecond() - start.getEpochSecond();
                    var reason = segment.at("/failureInfo/reason").asText("");
                    return "%s %s %d min %d s %s"
                            .formatted(
                                    segment.path("startDateTime").asText(),
                                    segment.path("endDateTime").asText(),
                                    seconds / 60,
                                    seconds % 60,
                                    reason.isEmpty() ? "" : "Midcall: " + reason)
                            .strip();
                })
                .toList();
    }

    private static Window open(Windows windows, Agent agent, String address) {
        return Views.open(windows, agent, "#/call-records" + address);
    }

    private static void store(Windows windows, Agent agent, String record) {
        var response = windows.chromium().request(agent, "POST", RECORDS, record);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    }

    private static Locator row(Locator table, String header) {
        return table.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(table.page()
                                .getByRole(
                                        AriaRole.ROWHEADER,
                                        new Page.GetByRoleOptions()
                                                .setName(header)
                                                .setExact(true))));
    }

    private static Locator button(Page page, String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }
}
