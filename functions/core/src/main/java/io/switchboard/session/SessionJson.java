package io.switchboard.session;

import io.switchboard.json.Json;
import io.switchboard.slug.Warning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sessions, tabs and desks as the JSON of {@code API.md} §4, and sessions as stored documents. */
public final class SessionJson {
    private SessionJson() {}

    /** A session as its readers see it. */
    public static Map<String, @Nullable Object> toJson(SessionOnDesk onDesk) {
        Session session = onDesk.session();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sessionId", session.id());
        putAttributes(json, session, onDesk.isOpen() ? "open" : "closed", onDesk.isFocused());
        json.put("anchor", anchor(session.anchor()));
        json.put("anchorTabId", session.anchorTabId());
        json.put("focusedTabId", session.focusedTabId());
        json.put("tabs", tabs(session.tabs(), session, true));
        json.put("warnings", Warning.toJson(session.warnings()));
        json.put("createdDateTime", session.createdDateTime().toString());
        json.put("lastModifiedDateTime", session.lastModifiedDateTime().toString());
        json.put(
                "closedDateTime",
                onDesk.closedAt() == null ? null : onDesk.closedAt().toString());
        json.put("version", session.version());
        return json;
    }

    /**
     * A session that was computed but not stored: no ids, no version.
     *
     * @param warnings its own, and those that the moment adds
     */
    public static Map<String, @Nullable Object> toDryRunJson(
            Session session, boolean isFocused, List<Warning> warnings) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        putAttributes(json, session, "open", isFocused);
        json.put("anchor", anchor(session.anchor()));
        json.put("tabs", tabs(session.tabs(), session, false));
        json.put("warnings", Warning.toJson(warnings));
        json.put("createdDateTime", session.createdDateTime().toString());
        return json;
    }

    /** The size of a session as it is stored, in bytes of UTF-8 JSON. */
    public static int size(Session session) {
        return Json.size(document(session));
    }

    /** A tab as its readers see it. */
    public static Map<String, @Nullable Object> toJson(Tab tab, Session session) {
        return tab(tab, session, true);
    }

    /** The home session: always there, never closed, without tabs. */
    public static Map<String, @Nullable Object> homeJson(boolean isFocused) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sessionId", Session.HOME);
        json.put("title", "Home");
        json.put("status", "open");
        json.put("isFocused", isFocused);
        json.put("isDefault", true);
        json.put("canClose", false);
        json.put("canCreateTab", false);
        json.put("tabs", List.of());
        return json;
    }

    /** A desk as the scope sees it: home first, then by creation. */
    public static Map<String, @Nullable Object> toJson(DeskView desk, SessionScope scope) {
        List<Map<String, @Nullable Object>> sessions = new ArrayList<>();
        Map<String, @Nullable Object> home = new LinkedHashMap<>();
        home.put("sessionId", Session.HOME);
        home.put("title", "Home");
        home.put("isDefault", true);
        home.put("isFocused", desk.focusedSessionId().equals(Session.HOME));
        sessions.add(home);
        @Nullable String focused = desk.focusedSessionId().equals(Session.HOME) ? Session.HOME : null;
        for (SessionOnDesk onDesk : desk.open()) {
            Session session = onDesk.session();
            if (!scope.sees(session)) {
                continue;
            }
            if (onDesk.isFocused()) {
                focused = session.id();
            }
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("sessionId", session.id());
            json.put("title", session.title());
            json.put("sessionIcon", session.sessionIcon());
            json.put("isDefault", false);
            json.put("isFocused", onDesk.isFocused());
            json.put("focusRequested", session.focusRequested());
            json.put("activityCount", session.activityCount());
            json.put("kpiBreach", session.kpiBreach());
            json.put("provider", session.provider());
            sessions.add(json);
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sessionLimit", desk.limit());
        json.put("openSessions", desk.open().size());
        json.put("canCreateSession", desk.open().size() < desk.limit());
        json.put("focusedSessionId", focused);
        json.put("version", desk.version());
        json.put("sessions", sessions);
        return json;
    }

    private static void putAttributes(
            Map<String, @Nullable Object> json, Session session, String status, boolean isFocused) {
        json.put("templateName", session.templateName());
        json.put("templateVersion", session.templateVersion());
        json.put("type", session.type());
        json.put("title", session.title());
        json.put("sessionIcon", session.sessionIcon());
        json.put("communicationPanelMode", session.communicationPanelMode());
        json.put("status", status);
        json.put("isFocused", isFocused);
        json.put("isDefault", false);
        json.put("canClose", session.canClose());
        json.put("canCreateTab", session.tabs().size() < SessionLimits.TABS);
        json.put("focusRequested", session.focusRequested());
        json.put("activityCount", session.activityCount());
        json.put("kpiBreach", session.kpiBreach());
        json.put("conversationId", session.conversationId());
        json.put("correlationId", session.correlationId());
        json.put("provider", session.provider());
        json.put("context", session.context());
    }

    private static Map<String, @Nullable Object> anchor(Anchor anchor) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("entityName", anchor.entityName());
        json.put("entityId", anchor.entityId());
        return json;
    }

    private static List<Map<String, @Nullable Object>> tabs(List<Tab> tabs, Session session, boolean withIds) {
        List<Map<String, @Nullable Object>> json = new ArrayList<>();
        for (Tab tab : tabs) {
            json.add(tab(tab, session, withIds));
        }
        return json;
    }

    private static Map<String, @Nullable Object> tab(Tab tab, Session session, boolean withId) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        if (withId) {
            json.put("tabId", tab.tabId());
        }
        json.put("templateName", tab.templateName());
        json.put("title", tab.title());
        json.put("pageType", tab.pageType());
        json.put("parameters", tab.parameters());
        if (tab.url() != null) {
            json.put("url", tab.url());
        }
        json.put("tags", tab.tags());
        json.put("isAnchor", tab.tabId().equals(session.anchorTabId()));
        json.put("isFocused", tab.tabId().equals(session.focusedTabId()));
        json.put("canClose", tab.canClose());
        json.put("refreshCount", tab.refreshCount());
        json.put("createdDateTime", tab.createdDateTime().toString());
        return json;
    }

    /** A session as a stored document: what readers see and what they do not, without version and last activity. */
    public static String toDocument(Session session) {
        return Json.write(document(session));
    }

    private static Map<String, @Nullable Object> document(Session session) {
        Map<String, @Nullable Object> json = toJson(new SessionOnDesk(session, false, session.closedDateTime()));
        List<Map<String, @Nullable Object>> tabs = new ArrayList<>();
        for (Tab tab : session.tabs()) {
            tabs.add(tabDocument(tab, session));
        }
        json.put("tabs", tabs);
        List<Map<String, @Nullable Object>> closedTabs = new ArrayList<>();
        for (ClosedTab closed : session.closedTabs()) {
            Map<String, @Nullable Object> one = tabDocument(closed.tab(), session);
            one.put("until", closed.until().toString());
            closedTabs.add(one);
        }
        json.put("closedTabs", closedTabs);
        json.put("anchorAttributes", session.anchor().attributes());
        json.put("fetchedAttributes", List.copyOf(session.anchor().fetched()));
        Rendering rendering = session.rendering();
        Map<String, @Nullable Object> rendered = new LinkedHashMap<>();
        rendered.put("title", rendering.title());
        rendered.put("fallbackTitles", rendering.fallbackTitles());
        rendered.put("name", rendering.name());
        rendered.put("appliesTitleToAnchorTab", rendering.appliesTitleToAnchorTab());
        rendered.put("defaults", rendering.defaults());
        json.put("rendering", rendered);
        return json;
    }

    private static Map<String, @Nullable Object> tabDocument(Tab tab, Session session) {
        Map<String, @Nullable Object> json = tab(tab, session, true);
        if (tab.requestHash() != null) {
            json.put("requestHash", tab.requestHash());
        }
        return json;
    }

    /** The session of a stored document. */
    public static Session fromDocument(String document, Instant lastActivity, long version) {
        Map<String, @Nullable Object> json = Json.readOwn(document);
        Map<String, @Nullable Object> anchor = object(json, "anchor");
        Map<String, @Nullable Object> rendering = object(json, "rendering");
        List<Tab> tabs = new ArrayList<>();
        for (Map<String, @Nullable Object> tab : objects(json, "tabs")) {
            tabs.add(tab(tab));
        }
        List<ClosedTab> closedTabs = new ArrayList<>();
        for (Map<String, @Nullable Object> closedTab : objects(json, "closedTabs")) {
            closedTabs.add(new ClosedTab(tab(closedTab), Instant.parse(text(closedTab, "until"))));
        }
        List<Warning> warnings = new ArrayList<>();
        for (Map<String, @Nullable Object> warning : objects(json, "warnings")) {
            warnings.add(new Warning(text(warning, "code"), text(warning, "message"), text(warning, "target")));
        }
        @Nullable String closed = textOrNull(json, "closedDateTime");
        return new Session(
                text(json, "sessionId"),
                text(json, "templateName"),
                longNumber(json, "templateVersion"),
                text(json, "type"),
                text(json, "title"),
                textOrNull(json, "sessionIcon"),
                text(json, "communicationPanelMode"),
                Boolean.TRUE.equals(json.get("canClose")),
                Boolean.TRUE.equals(json.get("focusRequested")),
                number(json, "activityCount"),
                textOrNull(json, "kpiBreach"),
                textOrNull(json, "conversationId"),
                textOrNull(json, "correlationId"),
                text(json, "provider"),
                values(json, "context"),
                new Anchor(
                        textOrNull(anchor, "entityName"),
                        textOrNull(anchor, "entityId"),
                        values(json, "anchorAttributes"),
                        // Those stored before record sources have none.
                        json.containsKey("fetchedAttributes")
                                ? new LinkedHashSet<>(texts(json, "fetchedAttributes"))
                                : Set.of()),
                text(json, "anchorTabId"),
                text(json, "focusedTabId"),
                tabs,
                warnings,
                new Rendering(
                        textOrNull(rendering, "title"),
                        texts(rendering, "fallbackTitles"),
                        text(rendering, "name"),
                        Boolean.TRUE.equals(rendering.get("appliesTitleToAnchorTab")),
                        values(rendering, "defaults")),
                closedTabs,
                Instant.parse(text(json, "createdDateTime")),
                Instant.parse(text(json, "lastModifiedDateTime")),
                closed == null ? null : Instant.parse(closed),
                lastActivity,
                version);
    }

    private static Tab tab(Map<String, @Nullable Object> tab) {
        return new Tab(
                text(tab, "tabId"),
                textOrNull(tab, "templateName"),
                text(tab, "title"),
                text(tab, "pageType"),
                values(tab, "parameters"),
                textOrNull(tab, "url"),
                texts(tab, "tags"),
                Boolean.TRUE.equals(tab.get("canClose")),
                number(tab, "refreshCount"),
                Instant.parse(text(tab, "createdDateTime")),
                textOrNull(tab, "requestHash"));
    }

    private static String text(Map<String, @Nullable Object> json, String name) {
        if (json.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("A stored session has no text " + name);
    }

    private static @Nullable String textOrNull(Map<String, @Nullable Object> json, String name) {
        return json.get(name) instanceof String text ? text : null;
    }

    private static int number(Map<String, @Nullable Object> json, String name) {
        if (json.get(name) instanceof Number number) {
            return number.intValue();
        }
        throw new IllegalStateException("A stored session has no number " + name);
    }

    private static long longNumber(Map<String, @Nullable Object> json, String name) {
        if (json.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalStateException("A stored session has no number " + name);
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private static Map<String, @Nullable Object> object(Map<String, @Nullable Object> json, String name) {
        if (json.get(name) instanceof Map<?, ?> object) {
            return (Map<String, @Nullable Object>) object;
        }
        throw new IllegalStateException("A stored session has no object " + name);
    }

    @SuppressWarnings("unchecked") // contexts and parameters have no null as a member
    private static Map<String, Object> values(Map<String, @Nullable Object> json, String name) {
        return (Map<String, Object>) (Map<String, ?>) object(json, name);
    }

    @SuppressWarnings("unchecked") // JSON object names are text
    private static List<Map<String, @Nullable Object>> objects(Map<String, @Nullable Object> json, String name) {
        if (json.get(name) instanceof List<?> array) {
            return (List<Map<String, @Nullable Object>>) array;
        }
        throw new IllegalStateException("A stored session has no array " + name);
    }

    @SuppressWarnings("unchecked") // tags are text
    private static List<String> texts(Map<String, @Nullable Object> json, String name) {
        if (json.get(name) instanceof List<?> array) {
            return (List<String>) array;
        }
        throw new IllegalStateException("A stored session has no array " + name);
    }
}
