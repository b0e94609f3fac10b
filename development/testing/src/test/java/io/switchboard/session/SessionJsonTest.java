package io.switchboard.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.slug.Warning;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SessionJsonTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123456789Z");

    private static Session full() {
        Tab first = new Tab(
                "t1",
                null,
                "Ä\"\\😀",
                "entityRecord",
                Map.of("entityName", "incident", "n", 1, "d", new BigDecimal("1.10"), "b", true),
                null,
                List.of(),
                false,
                0,
                NOW,
                null);
        Tab second = new Tab(
                "t2",
                "contoso_b",
                "B",
                "search",
                Map.of(),
                "https://example.com/",
                List.of("x", "y"),
                true,
                7,
                NOW,
                "hash");
        return new Session(
                "id",
                new SessionOrigin(
                        "contoso_call",
                        3_000_000_000L,
                        "entity",
                        new Rendering(
                                "{customer}", List.of("Call", "{caseTitle}"), "Name", true, Map.of("n", 1, "b", false)),
                        "softphone",
                        "3f2504e0-4f89-41d3-9a0c-0305e82c3301"),
                new Presentation("Title", "/icon.svg", "hidden", false),
                new Markers(true, 12, "late", "conversation"),
                Map.of("s", "x", "n", new BigInteger("9".repeat(40)), "d", new BigDecimal("0.10"), "b", false),
                new Anchor("incident", "1", Map.of("title", "T", "n", 5)),
                new Tabs(List.of(first, second), "t1", "t2", List.of(ClosedTab.of(second, NOW))),
                List.of(new Warning("unresolvedSlug", "message", "title")),
                new Times(NOW, NOW.plusSeconds(1), null, NOW.plusSeconds(2)),
                9);
    }

    @Test
    void session_has_exactly_the_members_of_the_api() {
        assertThat(SessionJson.toJson(new SessionOnDesk(full(), true, null)).keySet())
                .containsExactly(
                        "sessionId",
                        "templateName",
                        "templateVersion",
                        "type",
                        "title",
                        "sessionIcon",
                        "communicationPanelMode",
                        "communicationPanelWidth",
                        "status",
                        "isFocused",
                        "isDefault",
                        "canClose",
                        "canCreateTab",
                        "focusRequested",
                        "activityCount",
                        "kpiBreach",
                        "conversationId",
                        "correlationId",
                        "provider",
                        "context",
                        "handOver",
                        "anchor",
                        "anchorTabId",
                        "focusedTabId",
                        "tabs",
                        "warnings",
                        "createdDateTime",
                        "lastModifiedDateTime",
                        "closedDateTime",
                        "wrapUpExpiresDateTime",
                        "disposition",
                        "notes",
                        "closedBy",
                        "version");
    }

    @Test
    void idle_session_is_returned_as_closed() {
        Map<String, @Nullable Object> json = SessionJson.toJson(new SessionOnDesk(full(), false, NOW));

        assertThat(json).containsEntry("status", "closed").containsEntry("closedDateTime", NOW.toString());
    }

    @Test
    void anchor_and_focused_tab_are_marked() {
        String json = Json.write(
                SessionJson.toJson(new SessionOnDesk(full(), true, null)).get("tabs"));

        assertThat(json)
                .contains("\"isAnchor\":true,\"isFocused\":false")
                .contains("\"isAnchor\":false,\"isFocused\":true");
        assertThat(json.split("\"url\"", -1)).hasSize(2);
    }

    @Test
    void dry_run_has_no_ids_and_no_version() {
        String json = Json.write(SessionJson.toDryRunJson(full(), true, List.of()));

        assertThat(json)
                .doesNotContain(
                        "sessionId", "tabId", "anchorTabId", "focusedTabId", "\"version\"", "lastModifiedDateTime");
    }

    @Test
    void desk_lists_home_first_and_only_sessions_of_the_scope() {
        Session other = TestSessions.session("b", NOW, "other", TestSessions.TEMPLATE, true);
        DeskView desk = new DeskView(
                10, "b", 7, List.of(SessionSummary.of(TestSessions.session("a", NOW)), SessionSummary.of(other)));
        Owner owner = new Owner("t", "u");

        Map<String, @Nullable Object> all = SessionJson.toJson(desk, SessionScope.all(owner));
        Map<String, @Nullable Object> own = SessionJson.toJson(desk, new SessionScope(owner, TestSessions.PROVIDER));

        assertThat(all).containsEntry("focusedSessionId", "b").containsEntry("openSessions", 2);
        assertThat((List<?>) all.get("sessions")).hasSize(3);
        assertThat(own).containsEntry("focusedSessionId", null).containsEntry("canCreateSession", true);
        assertThat((List<?>) own.get("sessions")).hasSize(2);
        assertThat(Json.write(own.get("sessions"))).startsWith("[{\"sessionId\":\"home\"");
        assertThat(SessionJson.toJson(
                        new DeskView(1, Session.HOME, 1, List.of(desk.open().getFirst())), SessionScope.all(owner)))
                .containsEntry("canCreateSession", false)
                .containsEntry("focusedSessionId", "home");
    }
}
