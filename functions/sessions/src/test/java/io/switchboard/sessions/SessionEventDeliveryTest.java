package io.switchboard.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.json.Json;
import io.switchboard.replay.StreamEvent;
import io.switchboard.session.Markers;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.Tab;
import io.switchboard.session.TestSessions;
import io.switchboard.session.store.ChangeOutcome;
import io.switchboard.session.store.NewSession;
import io.switchboard.session.store.SessionStore;
import io.switchboard.storage.Precondition;
import io.switchboard.testing.EventBusServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The events on the bus for the writes of the store, through DynamoDB's stream and the function. */
class SessionEventDeliveryTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Precondition ANY = Precondition.NONE;

    private final SessionStream stream = SessionStream.withTenPlaces();
    private final SessionStore store = stream.store;
    private final EventBusServer bus = new EventBusServer();
    private final PublishSessionEvents function = new PublishSessionEvents(bus.environment());
    private final Owner alice = new Owner("contoso", "alice#1");
    private final SessionScope scope = SessionScope.all(alice);
    private final String id = TestSessions.uniqueId();

    @AfterEach
    void close() {
        bus.close();
        stream.close();
    }

    private List<EventBusServer.Entry> publishedEvents() {
        assertThat(stream.take().sendTo(function).failed()).isEmpty();
        return bus.take();
    }

    private void create(String sessionId) {
        store.create(alice, TestSessions.newSession(sessionId, NOW), NOW);
    }

    private void change(UnaryOperator<Session> change) {
        assertThat(store.change(
                        scope,
                        id,
                        ANY,
                        session -> change.apply(session.session().next(NOW.plusSeconds(60))),
                        NOW.plusSeconds(60)))
                .isInstanceOf(ChangeOutcome.Done.class);
    }

    private static List<String> types(List<EventBusServer.Entry> entries) {
        return entries.stream().map(EventBusServer.Entry::type).sorted().toList();
    }

    private static EventBusServer.Entry only(List<EventBusServer.Entry> entries, String type) {
        List<EventBusServer.Entry> found =
                entries.stream().filter(entry -> entry.type().equals(type)).toList();
        assertThat(found).as("%s in %s", type, entries).hasSize(1);
        return found.getFirst();
    }

    @Test
    void created_session_publishes_its_tabs_and_the_switch_of_the_desk() {
        create(id);

        var events = publishedEvents();

        assertThat(types(events)).containsExactly("SessionCreated", "SessionSwitched");
        var created = only(events, "SessionCreated");
        assertThat(created.source()).isEqualTo("switchboard.sessions");
        assertThat(created.bus()).isEqualTo("SessionEvents-test");
        assertThat(created.detail())
                .containsEntry("sequence", 1)
                .containsEntry("tenant", "contoso")
                .containsEntry("userId", "alice#1")
                .containsEntry("sessionId", id)
                .containsEntry("provider", TestSessions.PROVIDER)
                .containsEntry("templateName", TestSessions.TEMPLATE)
                .containsEntry(
                        "tabs",
                        List.of(Map.of(
                                "tabId", "tab-" + id.hashCode(), "templateName", "contoso_search", "isAnchor", true)));
        assertThat(created.text("eventId")).matches("[0-9a-f]{32}");
        var switched = only(events, "SessionSwitched");
        assertThat(switched.detail())
                .containsEntry("sequence", 1)
                .containsEntry("previousSessionId", "home")
                .containsEntry("newSessionId", id)
                .doesNotContainKey("sessionId");
    }

    @Test
    void background_session_publishes_no_switch() {
        store.create(alice, TestSessions.unfocused(id, NOW), NOW);

        assertThat(types(publishedEvents())).containsExactly("SessionCreated");
    }

    @Test
    void switches_have_both_sessions_in_the_order_of_the_desks_version() {
        String other = TestSessions.uniqueId();
        create(id);
        create(other);
        publishedEvents();

        store.focus(scope, id, ANY, NOW);
        store.focusHome(alice, NOW);
        store.focus(scope, other, ANY, NOW);

        var switches = publishedEvents().stream()
                .filter(entry -> entry.type().equals("SessionSwitched"))
                .toList();
        assertThat(switches)
                .extracting(entry -> entry.text("previousSessionId") + " " + entry.text("newSessionId"))
                .containsExactly(other + " " + id, id + " home", "home " + other);
        assertThat(switches).extracting(entry -> entry.text("sequence")).containsExactly("3", "4", "5");
    }

    @Test
    void close_publishes_the_close_and_the_switch() {
        String other = TestSessions.uniqueId();
        create(other);
        create(id);
        publishedEvents();

        store.close(scope, id, ANY, NOW.plusSeconds(5));
        var closing = publishedEvents();

        assertThat(types(closing)).containsExactly("SessionClosed", "SessionSwitched");
        assertThat(only(closing, "SessionClosed").detail())
                .containsEntry("sequence", 2)
                .containsEntry("sessionId", id)
                .containsEntry("closedDateTime", "2026-11-21T10:00:05Z");
        assertThat(only(closing, "SessionSwitched").detail()).containsEntry("newSessionId", other);

        store.reopen(scope, id, ANY, NOW.plusSeconds(6));

        assertThat(types(publishedEvents())).containsExactly("SessionReopened", "SessionSwitched");
    }

    @Test
    void idle_session_that_frees_its_slot_is_published_as_closed_when_it_became_idle() {
        try (var small = new SessionStream(new SessionLimits(1, Duration.ofHours(1), Duration.ofDays(30)))) {
            small.store.create(alice, TestSessions.newSession(id, NOW), NOW);
            small.take();
            Instant later = NOW.plus(Duration.ofHours(2));

            small.store.create(alice, TestSessions.newSession(TestSessions.uniqueId(), later), later);

            assertThat(small.take().sendTo(function).failed()).isEmpty();
            assertThat(only(bus.take(), "SessionClosed").detail())
                    .containsEntry("sessionId", id)
                    .containsEntry("closedDateTime", "2026-11-21T11:00:00Z");
        }
    }

    @Test
    void delete_of_an_open_session_also_publishes_a_close() {
        String other = TestSessions.uniqueId();
        create(id);
        create(other);
        publishedEvents();

        store.delete(scope, other, ANY, NOW);
        assertThat(types(publishedEvents())).containsExactly("SessionClosed", "SessionDeleted", "SessionSwitched");

        store.close(scope, id, ANY, NOW);
        publishedEvents();
        store.delete(scope, id, ANY, NOW);
        var deleting = publishedEvents();
        assertThat(types(deleting)).containsExactly("SessionDeleted");
        assertThat(only(deleting, "SessionDeleted").detail()).containsEntry("sequence", 3);
    }

    @Test
    void hand_over_is_published_once_and_later_events_have_the_new_user() {
        create(id);
        publishedEvents();

        assertThat(store.handOver(scope, id, "bob", true, ANY, NOW)).isInstanceOf(ChangeOutcome.HandedOver.class);
        var handingOver = publishedEvents();

        assertThat(types(handingOver)).containsExactly("SessionHandedOver", "SessionSwitched");
        assertThat(only(handingOver, "SessionHandedOver").detail())
                .containsEntry("userId", "alice#1")
                .containsEntry("newUserId", "bob")
                .containsEntry("sessionId", id);

        store.close(SessionScope.all(new Owner("contoso", "bob")), id, ANY, NOW);
        var closing = publishedEvents();
        assertThat(types(closing)).containsExactly("SessionClosed");
        assertThat(only(closing, "SessionClosed").detail()).containsEntry("userId", "bob");
    }

    @Test
    void session_that_is_handed_back_is_not_published_as_created() {
        create(id);
        store.handOver(scope, id, "bob", true, ANY, NOW);
        publishedEvents();

        store.handOver(SessionScope.all(new Owner("contoso", "bob")), id, "alice#1", true, ANY, NOW);

        assertThat(types(publishedEvents())).containsExactly("SessionHandedOver");
    }

    @Test
    void created_closed_and_focused_tabs_are_published() {
        create(id);
        publishedEvents();
        String anchor = "tab-" + id.hashCode();
        change(session -> session.withTabs(
                session.tabs().with(tab("tab-2", "contoso_case", NOW)).focused("tab-2")));

        var opening = publishedEvents();

        assertThat(types(opening)).containsExactly("TabCreated", "TabSwitched");
        assertThat(only(opening, "TabCreated").detail())
                .containsEntry("tabId", "tab-2")
                .containsEntry("tabTemplateName", "contoso_case")
                .containsEntry("sequence", 2);
        assertThat(only(opening, "TabSwitched").detail())
                .containsEntry("previousTabId", anchor)
                .containsEntry("tabId", "tab-2");

        change(session ->
                session.withTabs(session.tabs().without(tab("tab-2", "contoso_case", NOW), NOW.plusSeconds(60))));

        assertThat(types(publishedEvents())).containsExactly("TabClosed", "TabSwitched");
    }

    private static Tab tab(String tabId, String templateName, Instant created) {
        Tab anchor = TestSessions.session(TestSessions.uniqueId(), created)
                .tabs()
                .open()
                .getFirst();
        return new Tab(
                tabId,
                templateName,
                anchor.title(),
                anchor.pageType(),
                anchor.parameters(),
                anchor.url(),
                anchor.tags(),
                true,
                0,
                created,
                null);
    }

    @Test
    void changed_context_is_published_with_names_and_without_values() {
        create(id);
        publishedEvents();

        change(session -> session.withContext(Map.of("phone", "0123-secret", "count", 2)));

        var changed = only(publishedEvents(), "ContextChanged");
        assertThat(changed.detail())
                .containsEntry("set", List.of("count", "phone"))
                .containsEntry("removed", List.of("customer"));
    }

    @Test
    void events_have_no_titles_values_or_parameters() {
        create(id);
        change(session -> TestSessions.withTitle(session, "secret title").withContext(Map.of("phone", "0123-secret")));
        store.close(scope, id, ANY, NOW);
        var answer = stream.take().sendTo(function);

        String all =
                Json.write(bus.take().stream().map(EventBusServer.Entry::detail).toList()) + answer.log();
        assertThat(all).doesNotContain("secret", "Contoso", "example.com");
    }

    @Test
    void changes_of_other_members_publish_no_event() {
        create(id);
        publishedEvents();

        change(session -> TestSessions.withTitle(session, "Other").withMarkers(new Markers(true, 3, "late", null)));

        assertThat(publishedEvents()).isEmpty();
    }

    @Test
    void removal_by_time_to_live_publishes_no_event() {
        create(id);
        publishedEvents();
        stream.client()
                .deleteItem(request -> request.tableName(stream.table)
                        .key(Map.of(
                                "owner", text("contoso#alice%231"),
                                "key", text("SESSION#" + id))));

        StreamEvent removal = stream.take();
        assertThat(removal.records()).hasSize(1);
        assertThat(removal.sendTo(function).failed()).isEmpty();
        assertThat(bus.take()).isEmpty();
    }

    @Test
    void id_of_an_expired_session_can_be_created_again_and_is_published() {
        create(id);
        publishedEvents();
        Instant later = NOW.plus(Duration.ofDays(60));
        NewSession again = TestSessions.newSession(id, later);

        store.create(alice, again, later);

        var events = publishedEvents();
        assertThat(types(events)).contains("SessionCreated").doesNotContain("TabClosed", "ContextChanged");
    }

    @Test
    void repeated_change_publishes_the_same_events_with_the_same_unique_ids() {
        create(id);
        change(session -> session.withTabs(session.tabs()
                .with(tab("tab-2", "contoso_case", NOW))
                .with(tab("tab-3", "contoso_case", NOW))
                .focused("tab-3")));
        store.close(scope, id, ANY, NOW);
        StreamEvent batch = stream.take();

        batch.sendTo(function);
        var first = bus.take();
        batch.sendTo(function);
        var second = bus.take();

        assertThat(second.stream().map(EventBusServer.Entry::detail).toList())
                .isEqualTo(first.stream().map(EventBusServer.Entry::detail).toList());
        Set<String> ids = new HashSet<>();
        first.forEach(entry -> ids.add(entry.text("eventId")));
        assertThat(ids).hasSameSizeAs(first);
        List<String> sequences = new ArrayList<>();
        first.forEach(entry -> sequences.add(entry.type() + entry.text("sequence")));
        assertThat(sequences)
                .containsExactlyInAnyOrder(
                        "SessionCreated1",
                        "SessionSwitched1",
                        "TabCreated2",
                        "TabCreated2",
                        "TabSwitched2",
                        "SessionClosed3",
                        "SessionSwitched2");
    }

    private static software.amazon.awssdk.services.dynamodb.model.AttributeValue text(String text) {
        return software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS(text);
    }
}
