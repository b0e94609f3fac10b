package io.switchboard.session.store;

import io.switchboard.json.StoredDocument;
import io.switchboard.session.Anchor;
import io.switchboard.session.ClosedTab;
import io.switchboard.session.Markers;
import io.switchboard.session.PendingHandOver;
import io.switchboard.session.Presentation;
import io.switchboard.session.Rendering;
import io.switchboard.session.Session;
import io.switchboard.session.SessionOrigin;
import io.switchboard.session.Tab;
import io.switchboard.session.TabMarkers;
import io.switchboard.session.Tabs;
import io.switchboard.session.Times;
import io.switchboard.session.WrapUp;
import io.switchboard.session.WrapUp.ClosedBy;
import io.switchboard.slug.Warning;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the stored documents of sessions. No other class does. {@link #read} has a default for each property
 * that a document omits. Id, last activity and version are separate attributes of the item.
 *
 * <p>The property names of documents are independent of those of the API. {@code sessions-schema-1.json} in the test
 * resources contains examples.
 */
public final class StoredSessionDocument {
    private static final int SCHEMA = 1;
    private static final String KIND = "session";

    private static final String GENERIC = "generic";
    /** The version of a built-in template. */
    private static final long BUILT_IN_VERSION = 0;

    private static final String TEMPLATE_NAME = "templateName";
    private static final String TEMPLATE_VERSION = "templateVersion";
    private static final String TYPE = "type";
    private static final String TITLE = "title";
    private static final String SESSION_ICON = "sessionIcon";
    private static final String COMMUNICATION_PANEL_MODE = "communicationPanelMode";
    private static final String COMMUNICATION_PANEL_WIDTH = "communicationPanelWidth";
    private static final String CAN_CLOSE = "canClose";
    private static final String FOCUS_REQUESTED = "focusRequested";
    private static final String ACTIVITY_COUNT = "activityCount";
    private static final String KPI_BREACH = "kpiBreach";
    private static final String CONVERSATION_ID = "conversationId";
    private static final String HAND_OVER = "handOver";
    private static final String NOTIFICATION_ID = "notificationId";
    private static final String USER_ID = "userId";
    private static final String EXPIRES = "expires";
    private static final String WRAP_UP = "wrapUp";
    private static final String REQUIRED = "required";
    private static final String SECONDS = "seconds";
    private static final String DISPOSITIONS = "dispositions";
    private static final String TAB = "tab";
    private static final String STARTED = "started";
    private static final String DISPOSITION = "disposition";
    private static final String NOTES = "notes";
    private static final String CLOSED_BY = "closedBy";
    private static final String CORRELATION_ID = "correlationId";
    private static final String PROVIDER = "provider";
    private static final String CONTEXT = "context";
    private static final String ANCHOR = "anchor";
    private static final String ENTITY_NAME = "entityName";
    private static final String ENTITY_ID = "entityId";
    private static final String ANCHOR_ATTRIBUTES = "anchorAttributes";
    private static final String FETCHED_ATTRIBUTES = "fetchedAttributes";
    private static final String ANCHOR_TAB_ID = "anchorTabId";
    private static final String FOCUSED_TAB_ID = "focusedTabId";
    private static final String TABS = "tabs";
    private static final String TAB_ID = "tabId";
    private static final String PAGE_TYPE = "pageType";
    private static final String PARAMETERS = "parameters";
    private static final String URL = "url";
    private static final String TAGS = "tags";
    private static final String REFRESH_COUNT = "refreshCount";
    private static final String UNSAVED_CHANGES = "unsavedChanges";
    private static final String HIGHLIGHTED = "highlighted";
    static final String HAS_STATE = "hasState";
    private static final String REQUEST_HASH = "requestHash";
    private static final String CLOSED_TABS = "closedTabs";
    private static final String UNTIL = "until";
    private static final String WARNINGS = "warnings";
    private static final String CODE = "code";
    private static final String MESSAGE = "message";
    private static final String TARGET = "target";
    private static final String RENDERING = "rendering";
    private static final String NAME = "name";
    private static final String FALLBACK_TITLES = "fallbackTitles";
    private static final String APPLIES_TITLE_TO_ANCHOR_TAB = "appliesTitleToAnchorTab";
    private static final String DEFAULTS = "defaults";
    private static final String CREATED = "createdDateTime";
    private static final String LAST_MODIFIED = "lastModifiedDateTime";
    private static final String CLOSED = "closedDateTime";

    private StoredSessionDocument() {}

    /** Returns the document of a session. */
    static String write(Session session) {
        SessionOrigin origin = session.origin();
        Presentation presentation = session.presentation();
        Markers markers = session.markers();
        Times times = session.times();
        StoredDocument document = StoredDocument.ofSchema(SCHEMA, KIND)
                .put(TEMPLATE_NAME, origin.templateName())
                .put(TEMPLATE_VERSION, origin.templateVersion(), BUILT_IN_VERSION)
                .put(TYPE, origin.type(), GENERIC)
                .put(TITLE, presentation.title(), origin.rendering().name())
                .put(SESSION_ICON, presentation.icon(), null)
                .put(COMMUNICATION_PANEL_MODE, presentation.communicationPanelMode(), defaultPanelMode(origin.type()))
                .put(COMMUNICATION_PANEL_WIDTH, presentation.communicationPanelWidth(), null)
                .put(CAN_CLOSE, presentation.canClose(), true)
                .put(FOCUS_REQUESTED, markers.focusRequested(), false)
                .put(ACTIVITY_COUNT, markers.activityCount(), 0)
                .put(KPI_BREACH, markers.kpiBreach(), null)
                .put(CONVERSATION_ID, markers.conversationId(), null);
        putHandOver(document, markers.handOver());
        putWrapUp(document, session.wrapUp());
        document.put(CORRELATION_ID, origin.correlationId(), null)
                .put(PROVIDER, origin.provider())
                .put(CONTEXT, session.context(), Map.of());
        putAnchor(document, session);
        putTabs(document, session);
        putRendering(document, origin);
        return document.put(CREATED, times.created().toString())
                .put(LAST_MODIFIED, text(times.lastModified()), text(times.created()))
                .put(CLOSED, text(times.closed()), null)
                .write();
    }

    private static void putHandOver(StoredDocument document, @Nullable PendingHandOver handOver) {
        if (handOver != null) {
            document.putObject(
                    HAND_OVER,
                    document.inner()
                            .put(NOTIFICATION_ID, handOver.notificationId())
                            .put(USER_ID, handOver.userId())
                            .put(EXPIRES, handOver.expires().toString()));
        }
    }

    private static void putWrapUp(StoredDocument document, WrapUp wrapUp) {
        StoredDocument object = document.inner();
        WrapUp.@Nullable Rules rules = wrapUp.rules();
        if (rules != null) {
            object.put(SECONDS, rules.seconds())
                    .put(REQUIRED, rules.isRequired(), false)
                    .put(DISPOSITIONS, rules.dispositions(), List.of())
                    .put(TAB, rules.tab(), null);
        }
        @Nullable ClosedBy closedBy = wrapUp.closedBy();
        document.putObject(
                WRAP_UP,
                object.put(STARTED, text(wrapUp.started()), null)
                        .put(DISPOSITION, wrapUp.disposition(), null)
                        .put(NOTES, wrapUp.notes(), null)
                        .put(CLOSED_BY, closedBy == null ? null : closedBy.text(), null));
    }

    private static WrapUp wrapUp(StoredDocument object) {
        long seconds = object.number(SECONDS, -1);
        return new WrapUp(
                seconds < 0
                        ? null
                        : new WrapUp.Rules(
                                object.truth(REQUIRED, false),
                                (int) seconds,
                                object.texts(DISPOSITIONS),
                                object.textOrNull(TAB)),
                object.instantOrNull(STARTED),
                object.textOrNull(DISPOSITION),
                object.textOrNull(NOTES),
                object.textOrNull(CLOSED_BY) == null ? null : object.oneOf(CLOSED_BY, ClosedBy.BY_TEXT));
    }

    private static @Nullable PendingHandOver handOver(StoredDocument object) {
        @Nullable String notificationId = object.textOrNull(NOTIFICATION_ID);
        return notificationId == null
                ? null
                : new PendingHandOver(notificationId, object.text(USER_ID), object.instant(EXPIRES));
    }

    private static void putAnchor(StoredDocument document, Session session) {
        Anchor anchor = session.anchor();
        Map<String, Object> attributes = anchor.attributes();
        document.putObject(
                        ANCHOR,
                        document.inner()
                                .put(ENTITY_NAME, anchor.entityName(), textOf(attributes, ENTITY_NAME))
                                .put(ENTITY_ID, anchor.entityId(), textOf(attributes, ENTITY_ID)))
                .put(
                        ANCHOR_ATTRIBUTES,
                        attributes,
                        defaultAttributes(session.tabs().open(), session.tabs().anchorId()))
                .put(FETCHED_ATTRIBUTES, List.copyOf(anchor.fetched()), List.of());
    }

    private static void putTabs(StoredDocument document, Session session) {
        Tabs tabs = session.tabs();
        Instant created = session.times().created();
        document.put(ANCHOR_TAB_ID, tabs.anchorId(), firstTabId(tabs.open()))
                .put(FOCUSED_TAB_ID, tabs.focusedId(), tabs.anchorId());
        List<StoredDocument> openTabs = new ArrayList<>();
        for (Tab tab : tabs.open()) {
            openTabs.add(tab(document.inner(), tab, !tabs.isAnchor(tab), created));
        }
        document.putArray(TABS, openTabs);
        List<StoredDocument> closedTabs = new ArrayList<>();
        for (ClosedTab closed : tabs.closed()) {
            closedTabs.add(tab(document.inner(), closed.tab(), false, created)
                    .put(UNTIL, closed.until().toString()));
        }
        document.putObjects(CLOSED_TABS, closedTabs);
        List<StoredDocument> warnings = new ArrayList<>();
        for (Warning warning : session.warnings()) {
            warnings.add(document.inner()
                    .put(CODE, warning.code())
                    .put(MESSAGE, warning.message())
                    .put(TARGET, warning.target()));
        }
        document.putObjects(WARNINGS, warnings);
    }

    private static StoredDocument tab(StoredDocument object, Tab tab, boolean defaultCanClose, Instant sessionCreated) {
        return object.put(TAB_ID, tab.tabId())
                .put(TEMPLATE_NAME, tab.templateName(), null)
                .put(TITLE, tab.title())
                .put(PAGE_TYPE, tab.pageType())
                .put(PARAMETERS, tab.parameters(), Map.of())
                .put(URL, tab.url(), null)
                .put(TAGS, tab.tags(), List.of())
                .put(CAN_CLOSE, tab.canClose(), defaultCanClose)
                .put(REFRESH_COUNT, tab.refreshCount(), 0)
                .put(CREATED, text(tab.createdDateTime()), text(sessionCreated))
                .put(REQUEST_HASH, tab.requestHash(), null)
                .put(UNSAVED_CHANGES, tab.markers().unsavedChanges(), false)
                .put(HIGHLIGHTED, tab.markers().highlighted(), false)
                .put(HAS_STATE, tab.markers().hasState(), false);
    }

    private static void putRendering(StoredDocument document, SessionOrigin origin) {
        Rendering rendering = origin.rendering();
        document.putObject(
                RENDERING,
                document.inner()
                        .put(TITLE, rendering.title(), null)
                        .put(FALLBACK_TITLES, rendering.fallbackTitles(), List.of())
                        .put(NAME, rendering.name(), origin.templateName())
                        .put(APPLIES_TITLE_TO_ANCHOR_TAB, rendering.appliesTitleToAnchorTab(), false)
                        .put(DEFAULTS, rendering.defaults(), Map.of()));
    }

    /** Returns the size of a session's document, in bytes, for {@link SessionLimits#SESSION_BYTES}. */
    public static int size(Session session) {
        return write(session).getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Returns the session of a document of this or an earlier release.
     *
     * @throws RuntimeException if the document is invalid or was written by a later release
     */
    static Session read(String id, String text, Instant lastActivity, long version) {
        StoredDocument document = StoredDocument.read(text, SCHEMA, KIND);
        String templateName = document.text(TEMPLATE_NAME);
        String type = document.text(TYPE, GENERIC);
        Instant created = document.instant(CREATED);
        Rendering rendering = rendering(document.object(RENDERING), templateName);
        List<StoredDocument> tabObjects = document.objects(TABS);
        String anchorTabId = tabObjects.isEmpty()
                ? document.text(ANCHOR_TAB_ID)
                : document.text(ANCHOR_TAB_ID, tabObjects.getFirst().text(TAB_ID));
        List<Tab> tabs = new ArrayList<>();
        for (StoredDocument object : tabObjects) {
            tabs.add(tab(object, !object.text(TAB_ID).equals(anchorTabId), created));
        }
        List<ClosedTab> closedTabs = new ArrayList<>();
        for (StoredDocument object : document.objectsOrNone(CLOSED_TABS)) {
            closedTabs.add(new ClosedTab(tab(object, false, created), object.instant(UNTIL)));
        }
        List<Warning> warnings = new ArrayList<>();
        for (StoredDocument object : document.objectsOrNone(WARNINGS)) {
            warnings.add(new Warning(object.text(CODE), object.text(MESSAGE), object.text(TARGET)));
        }
        return new Session(
                id,
                new SessionOrigin(
                        templateName,
                        document.number(TEMPLATE_VERSION, BUILT_IN_VERSION),
                        type,
                        rendering,
                        document.text(PROVIDER),
                        document.textOrNull(CORRELATION_ID)),
                new Presentation(
                        document.text(TITLE, rendering.name()),
                        document.textOrNull(SESSION_ICON),
                        document.text(COMMUNICATION_PANEL_MODE, defaultPanelMode(type)),
                        panelWidth(document),
                        document.truth(CAN_CLOSE, true)),
                new Markers(
                        document.truth(FOCUS_REQUESTED, false),
                        (int) document.number(ACTIVITY_COUNT, 0),
                        document.textOrNull(KPI_BREACH),
                        document.textOrNull(CONVERSATION_ID),
                        handOver(document.object(HAND_OVER))),
                document.values(CONTEXT, Map.of()),
                anchor(document, defaultAttributes(tabs, anchorTabId)),
                new Tabs(tabs, anchorTabId, document.text(FOCUSED_TAB_ID, anchorTabId), closedTabs),
                warnings,
                new Times(
                        created,
                        document.instant(LAST_MODIFIED, created),
                        document.instantOrNull(CLOSED),
                        lastActivity),
                version,
                wrapUp(document.object(WRAP_UP)));
    }

    private static Anchor anchor(StoredDocument document, Map<String, Object> defaultAttributes) {
        StoredDocument object = document.object(ANCHOR);
        Map<String, Object> attributes = document.values(ANCHOR_ATTRIBUTES, defaultAttributes);
        return new Anchor(
                object.textOrNull(ENTITY_NAME, textOf(attributes, ENTITY_NAME)),
                object.textOrNull(ENTITY_ID, textOf(attributes, ENTITY_ID)),
                attributes,
                new LinkedHashSet<>(document.texts(FETCHED_ATTRIBUTES)));
    }

    private static Tab tab(StoredDocument object, boolean defaultCanClose, Instant sessionCreated) {
        return new Tab(
                object.text(TAB_ID),
                object.textOrNull(TEMPLATE_NAME),
                object.text(TITLE),
                object.text(PAGE_TYPE),
                object.values(PARAMETERS, Map.of()),
                object.textOrNull(URL),
                object.texts(TAGS),
                object.truth(CAN_CLOSE, defaultCanClose),
                (int) object.number(REFRESH_COUNT, 0),
                object.instant(CREATED, sessionCreated),
                object.textOrNull(REQUEST_HASH),
                new TabMarkers(
                        object.truth(UNSAVED_CHANGES, false),
                        object.truth(HIGHLIGHTED, false),
                        object.truth(HAS_STATE, false)));
    }

    private static Rendering rendering(StoredDocument object, String templateName) {
        return new Rendering(
                object.textOrNull(TITLE),
                object.texts(FALLBACK_TITLES),
                object.text(NAME, templateName),
                object.truth(APPLIES_TITLE_TO_ANCHOR_TAB, false),
                object.values(DEFAULTS, Map.of()));
    }

    private static @Nullable Integer panelWidth(StoredDocument document) {
        int width = (int) document.number(COMMUNICATION_PANEL_WIDTH, 0);
        return width == 0 ? null : width;
    }

    private static String defaultPanelMode(String type) {
        return type.equals(GENERIC) ? "docked" : "hidden";
    }

    private static @Nullable String firstTabId(List<Tab> tabs) {
        return tabs.isEmpty() ? null : tabs.getFirst().tabId();
    }

    /**
     * Returns the default attributes of an anchor: a record's tab, which has no template, opens with the record's known
     * attributes.
     */
    private static Map<String, Object> defaultAttributes(List<Tab> tabs, String anchorTabId) {
        for (Tab tab : tabs) {
            if (tab.tabId().equals(anchorTabId)) {
                return tab.templateName() == null ? tab.parameters() : Map.of();
            }
        }
        return Map.of();
    }

    private static @Nullable String textOf(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof String text ? text : null;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
