package io.switchboard.sessions;

import io.switchboard.dynamodb.WriteCause;
import io.switchboard.offer.DeskOffers;
import io.switchboard.offer.Offer;
import io.switchboard.presence.Presence;
import io.switchboard.runtime.RequestLog;
import io.switchboard.runtime.StreamRecord;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.Tab;
import io.switchboard.session.TabMarkers;
import io.switchboard.session.Tabs;
import io.switchboard.session.WrapUp;
import io.switchboard.session.WrapUp.ClosedBy;
import io.switchboard.session.store.DynamoDbSessionImage;
import io.switchboard.session.store.DynamoDbSessionImage.OfDesk;
import io.switchboard.session.store.DynamoDbSessionImage.OfOffer;
import io.switchboard.session.store.DynamoDbSessionImage.OfPresence;
import io.switchboard.session.store.DynamoDbSessionImage.OfSession;
import io.switchboard.session.store.DynamoDbSessionImage.Tombstone;
import io.switchboard.session.store.DynamoDbSessionImage.WithoutEvents;
import io.switchboard.sessions.push.DeskMessages;
import io.switchboard.text.Sha256;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Derives events from a change of an item of the Sessions table: the difference between its old and its new image. The
 * same change always results in the same events with the same ids.
 */
final class SessionEvents {
    private static final int EVENT_ID_BYTES = 16;

    private final Instant time;
    private final WriteCause cause;
    private final List<SessionEvent> events = new ArrayList<>();

    private SessionEvents(Instant time, WriteCause cause) {
        this.time = time;
        this.cause = cause;
    }

    /**
     * Returns the events of a record in the order of publication.
     *
     * @throws RuntimeException if the record cannot be read
     */
    static List<SessionEvent> of(StreamRecord record) {
        if (record.kind().equals("REMOVE")) {
            // Only DynamoDB's time to live removes items, and readers already treat those items as absent.
            return List.of();
        }
        SessionEvents events = new SessionEvents(record.at(), DynamoDbSessionImage.cause(record.after()));
        @Nullable
        DynamoDbSessionImage before = record.before().isEmpty() ? null : DynamoDbSessionImage.read(record.before());
        switch (DynamoDbSessionImage.read(record.after())) {
            case OfDesk desk -> events.compare(before instanceof OfDesk earlier ? earlier : null, desk);
            case OfOffer offer -> OfferEvents.of(offer.tenant(), offerOf(before), offer.offer(), events::addOf);
            case OfPresence presence ->
                PresenceEvents.of(before instanceof OfPresence earlier ? earlier : null, presence, events);
            case WithoutEvents other -> {}
            case OfSession session -> events.compare(before instanceof OfSession earlier ? earlier : null, session);
            case Tombstone tombstone -> {
                if (before instanceof OfSession last) {
                    events.addRemoval(last, tombstone);
                }
            }
        }
        return events.events;
    }

    /**
     * Adds the messages about a record: to the owner of a desk or session, and to the users for whom an offer ended.
     */
    static void addTo(DeskMessages messages, StreamRecord record, List<SessionEvent> events) {
        if (record.kind().equals("REMOVE")) {
            return;
        }
        switch (DynamoDbSessionImage.read(record.after())) {
            case OfDesk desk -> messages.add(desk.owner(), desk.version());
            case OfSession session -> messages.add(session.owner());
            case Tombstone tombstone -> messages.add(tombstone.owner());
            case OfOffer offer -> {
                for (SessionEvent event : events) {
                    messages.add(new Owner(
                            offer.tenant(), String.valueOf(event.detail().get("userId"))));
                }
            }
            // A desk shows no presence.
            case OfPresence presence -> {}
            case WithoutEvents other -> {}
        }
    }

    private static @Nullable Offer offerOf(@Nullable DynamoDbSessionImage image) {
        return image instanceof OfOffer earlier ? earlier.offer() : null;
    }

    private void compare(@Nullable OfDesk before, OfDesk after) {
        DeskOffers offersBefore = before == null ? DeskOffers.NONE : before.offers();
        OfferEvents.of(after.owner(), offersBefore, after.offers(), after.version(), this::addOf);
        compareFocus(before, after);
    }

    private void compareFocus(@Nullable OfDesk before, OfDesk after) {
        String previous = before == null ? Session.HOME : before.desk().focused();
        String focused = after.desk().focused();
        if (previous.equals(focused)) {
            return;
        }
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("previousSessionId", previous);
        detail.put("newSessionId", focused);
        add("SessionSwitched", after.owner(), "desk", after.version(), "", detail);
    }

    private void compare(@Nullable OfSession before, OfSession after) {
        Session session = after.session();
        // An idempotency key can create the same id again after its session has expired and before time to live removes
        // it.
        if (before != null
                && before.session().times().created().equals(session.times().created())) {
            compare(after.owner(), before.session(), session);
        } else if (after.handedOverFrom() == null) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("focusedTabId", session.tabs().focusedId());
            detail.put(
                    "tabs",
                    session.tabs().open().stream()
                            .map(tab -> named(session.tabs(), tab))
                            .toList());
            add("SessionCreated", after.owner(), session, session.version(), detail);
        }
    }

    private void compare(Owner owner, Session before, Session after) {
        @Nullable Instant closedBefore = before.times().closed();
        @Nullable Instant closedAfter = after.times().closed();
        if (closedBefore == null && closedAfter != null) {
            addCompleted(owner, after);
            addClosed(owner, after, after.version(), closedAfter);
        }
        boolean isPending = closedAfter == null && after.wrapUp().pending().isPresent();
        boolean wasPending = closedBefore == null && before.wrapUp().pending().isPresent();
        if (isPending && !wasPending) {
            addStarted(owner, after);
        }
        if (closedAfter == null && !isPending && (closedBefore != null || wasPending)) {
            add("SessionReopened", owner, after, after.version(), new LinkedHashMap<>());
        }
        for (Tab tab : missing(before.tabs(), after.tabs())) {
            addTab("TabCreated", owner, after, tab, Map.of());
        }
        for (Tab tab : missing(after.tabs(), before.tabs())) {
            addTab("TabClosed", owner, after, tab, Map.of());
        }
        compareTabs(owner, before, after);
        String focusedBefore = before.tabs().focusedId();
        String focusedAfter = after.tabs().focusedId();
        if (!focusedBefore.equals(focusedAfter)) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("previousTabId", focusedBefore);
            detail.put("tabId", focusedAfter);
            add("TabSwitched", owner, after, after.version(), detail);
        }
        Map<String, Object> panelBefore = panel(before);
        Map<String, Object> panelAfter = panel(after);
        if (!panelBefore.equals(panelAfter)) {
            add("CommunicationPanelChanged", owner, after, after.version(), panelAfter);
        }
        if (!before.context().equals(after.context())) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("set", set(before.context(), after.context()));
            detail.put("removed", removed(before.context(), after.context()));
            add("ContextChanged", owner, after, after.version(), detail);
        }
    }

    private void compareTabs(Owner owner, Session before, Session after) {
        for (Tab tab : after.tabs().open()) {
            @Nullable Tab earlier = before.tabs().tab(tab.tabId()).orElse(null);
            if (earlier != null && !tab.equals(earlier)) {
                compare(owner, after, earlier, tab);
            }
        }
    }

    private void compare(Owner owner, Session session, Tab before, Tab after) {
        if (before.refreshCount() != after.refreshCount()) {
            addTab("TabRefreshed", owner, session, after, Map.of("refreshCount", after.refreshCount()));
        }
        TabMarkers markers = after.markers();
        List<String> changed = new ArrayList<>();
        addIfChanged(changed, "title", before.title(), after.title());
        addIfChanged(changed, "canClose", before.canClose(), after.canClose());
        addIfChanged(changed, "unsavedChanges", before.markers().unsavedChanges(), markers.unsavedChanges());
        addIfChanged(changed, "highlighted", before.markers().highlighted(), markers.highlighted());
        if (!changed.isEmpty()) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("changed", changed);
            detail.put("unsavedChanges", markers.unsavedChanges());
            detail.put("highlighted", markers.highlighted());
            addTab("TabUpdated", owner, session, after, detail);
        }
    }

    private static void addIfChanged(List<String> changed, String name, Object before, Object after) {
        if (!before.equals(after)) {
            changed.add(name);
        }
    }

    private void addRemoval(OfSession last, Tombstone tombstone) {
        Session session = last.session();
        if (tombstone.handedOverTo() != null) {
            Map<String, Object> detail = new LinkedHashMap<>();
            detail.put("newUserId", tombstone.handedOverTo());
            add("SessionHandedOver", last.owner(), session, tombstone.version(), detail);
            return;
        }
        if (session.times().closed() == null) {
            addClosed(last.owner(), session, tombstone.version(), time);
        }
        add("SessionDeleted", last.owner(), session, tombstone.version(), new LinkedHashMap<>());
    }

    private void addClosed(Owner owner, Session session, long version, Instant closed) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("closedDateTime", closed.toString());
        @Nullable ClosedBy by = session.wrapUp().closedBy();
        putIfKnown(detail, "closedBy", by == null ? null : by.text());
        add("SessionClosed", owner, session, version, detail);
    }

    /** A session that its deadline or the lack of activity closed was not completed. */
    private void addCompleted(Owner owner, Session session) {
        @Nullable ClosedBy by = session.wrapUp().closedBy();
        if (by != ClosedBy.AGENT && by != ClosedBy.BACKEND) {
            return;
        }
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("closedBy", by.text());
        putIfKnown(detail, "disposition", session.wrapUp().disposition());
        add("SessionCompleted", owner, session, session.version(), detail);
    }

    private void addStarted(Owner owner, Session session) {
        Map<String, Object> detail = new LinkedHashMap<>();
        session.wrapUp()
                .pending()
                .map(WrapUp.Pending::expires)
                .ifPresent(expires -> detail.put("wrapUpExpiresDateTime", expires.toString()));
        add("SessionWrapUpStarted", owner, session, session.version(), detail);
    }

    private static Map<String, Object> panel(Session session) {
        Map<String, Object> panel = new LinkedHashMap<>();
        panel.put("communicationPanelMode", session.presentation().communicationPanelMode());
        @Nullable Integer width = session.presentation().communicationPanelWidth();
        if (width != null) {
            panel.put("communicationPanelWidth", width);
        }
        return panel;
    }

    private void addTab(String type, Owner owner, Session session, Tab tab, Map<String, Object> more) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("tabId", tab.tabId());
        if (tab.templateName() != null) {
            detail.put("tabTemplateName", tab.templateName());
        }
        detail.putAll(more);
        add(type, owner, session, session.version(), detail);
    }

    private void add(String type, Owner owner, Session session, long version, Map<String, Object> more) {
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("sessionId", session.id());
        detail.put("provider", session.origin().provider());
        detail.put("templateName", session.origin().templateName());
        detail.putAll(more);
        add(
                type,
                owner,
                session.id() + ' ' + session.times().created(),
                version,
                String.valueOf(more.get("tabId")),
                detail);
    }

    private void addOf(String type, Owner owner, String offer, long version, Map<String, Object> more) {
        add(type, owner, "notification " + offer, version, "", more);
    }

    private void add(String type, Owner owner, String item, long version, String tab, Map<String, Object> more) {
        byte[] digest = Sha256.of(owner.tenant(), owner.user(), item, Long.toString(version), type, tab);
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("eventId", HexFormat.of().formatHex(digest, 0, EVENT_ID_BYTES));
        detail.put("sequence", version);
        detail.put("time", time.toString());
        detail.put("tenant", owner.tenant());
        detail.put("userId", owner.user());
        detail.putAll(more);
        putIfKnown(detail, "requestId", cause.requestId());
        // A notification has the id of the request that sent it, unless the request that ended it has its own.
        putIfKnown(detail, "correlationId", cause.correlationId());
        events.add(new SessionEvent(type, time, detail));
    }

    /**
     * Returns the event of an analytics event that a page or a backend has sent.
     *
     * @param batch the request; a repetition of the request has the same one
     * @param position the position of the event in the request, from 1
     */
    static SessionEvent ofAnalytics(
            Owner owner,
            Session session,
            String batch,
            int position,
            Map<String, @Nullable Object> event,
            Instant now) {
        RequestLog log = RequestLog.current();
        SessionEvents events = new SessionEvents(now, new WriteCause(log.requestId(), log.correlationId()));
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("sessionId", session.id());
        detail.put("provider", session.origin().provider());
        detail.put("templateName", session.origin().templateName());
        putIfKnown(detail, "conversationId", session.markers().conversationId());
        detail.put("event", event);
        String item = "analytics " + session.id() + ' ' + session.times().created() + ' ' + batch;
        events.add("AnalyticsEventLogged", owner, item, position, "", detail);
        return events.events.getFirst();
    }

    /** Adds an event of a presence. One that expired has no cause, because no request caused it. */
    void addOfPresence(Owner owner, Presence presence, boolean hasExpired, Map<String, Object> detail) {
        SessionEvents own = hasExpired ? new SessionEvents(time, WriteCause.NONE) : this;
        own.add("PresenceChanged", owner, "presence " + presence.since(), presence.version(), "", detail);
        if (hasExpired) {
            events.addAll(own.events);
        }
    }

    private static void putIfKnown(Map<String, Object> detail, String name, @Nullable String value) {
        if (value != null) {
            detail.put(name, value);
        }
    }

    private static Map<String, Object> named(Tabs tabs, Tab tab) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("tabId", tab.tabId());
        if (tab.templateName() != null) {
            named.put("templateName", tab.templateName());
        }
        named.put("isAnchor", tabs.isAnchor(tab));
        return named;
    }

    /** Returns the tabs of one that the other does not have. */
    private static List<Tab> missing(Tabs other, Tabs one) {
        Set<String> there = new LinkedHashSet<>();
        other.open().forEach(tab -> there.add(tab.tabId()));
        return one.open().stream().filter(tab -> !there.contains(tab.tabId())).toList();
    }

    private static List<String> set(Map<String, Object> before, Map<String, Object> after) {
        Set<String> names = new TreeSet<>();
        after.forEach((name, value) -> {
            if (!Objects.equals(before.get(name), value)) {
                names.add(name);
            }
        });
        return List.copyOf(names);
    }

    private static List<String> removed(Map<String, Object> before, Map<String, Object> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        names.removeAll(after.keySet());
        return List.copyOf(names);
    }
}
