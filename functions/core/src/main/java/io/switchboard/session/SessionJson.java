package io.switchboard.session;

import io.switchboard.slug.Warning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions, tabs and desks as the JSON of the API. */
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
}
