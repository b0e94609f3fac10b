package io.switchboard.session;

import io.switchboard.offer.OfferJson;
import io.switchboard.offer.OfferView;
import io.switchboard.slug.Warning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the API's JSON of sessions, tabs and desks. */
public final class SessionJson {
    private SessionJson() {}

    /** Writes a session. */
    public static Map<String, @Nullable Object> toJson(SessionOnDesk onDesk) {
        Session session = onDesk.session();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sessionId", session.id());
        putAttributes(json, session, onDesk.status(), onDesk.isFocused());
        json.put("handOver", handOver(session.markers().handOver()));
        json.put("anchor", anchor(session.anchor()));
        json.put("anchorTabId", session.tabs().anchorId());
        json.put("focusedTabId", session.tabs().focusedId());
        json.put("tabs", tabs(session.tabs(), true));
        json.put("warnings", Warning.toJson(session.warnings()));
        json.put("createdDateTime", session.times().created().toString());
        json.put("lastModifiedDateTime", session.times().lastModified().toString());
        json.put(
                "closedDateTime",
                onDesk.closedAt() == null ? null : onDesk.closedAt().toString());
        putWrapUp(json, onDesk);
        json.put("version", session.version());
        return json;
    }

    /**
     * Writes a session that was computed but not stored, without ids and version.
     *
     * @param warnings the warnings of the session and of the dry run
     */
    public static Map<String, @Nullable Object> toDryRunJson(
            Session session, boolean isFocused, List<Warning> warnings) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        putAttributes(json, session, SessionStatus.OPEN, isFocused);
        json.put("anchor", anchor(session.anchor()));
        json.put("tabs", tabs(session.tabs(), false));
        json.put("warnings", Warning.toJson(warnings));
        json.put("createdDateTime", session.times().created().toString());
        return json;
    }

    /** Writes a tab. */
    public static Map<String, @Nullable Object> toJson(Tab tab, Session session) {
        return tab(tab, session.tabs(), true);
    }

    /** Writes the home session, which always exists, cannot be closed and does not have tabs. */
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

    /** Writes the part of a desk that the scope includes: home first, then by creation. */
    public static Map<String, @Nullable Object> toJson(DeskView desk, SessionScope scope) {
        List<Map<String, @Nullable Object>> sessions = new ArrayList<>();
        Map<String, @Nullable Object> home = new LinkedHashMap<>();
        home.put("sessionId", Session.HOME);
        home.put("title", "Home");
        home.put("isDefault", true);
        home.put("isFocused", desk.focusedSessionId().equals(Session.HOME));
        sessions.add(home);
        @Nullable String focused = desk.focusedSessionId().equals(Session.HOME) ? Session.HOME : null;
        for (SessionSummary session : desk.open()) {
            if (!scope.sees(session.provider())) {
                continue;
            }
            boolean isFocused = session.id().equals(desk.focusedSessionId());
            if (isFocused) {
                focused = session.id();
            }
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.put("sessionId", session.id());
            json.put("title", session.title());
            json.put("sessionIcon", session.icon());
            json.put("isDefault", false);
            json.put("isFocused", isFocused);
            json.put("status", (session.wrapUp() == null ? SessionStatus.OPEN : SessionStatus.WRAP_UP).text());
            json.put("wrapUpExpiresDateTime", expires(session.wrapUp()));
            json.put("focusRequested", session.focusRequested());
            json.put("activityCount", session.activityCount());
            json.put("kpiBreach", session.kpiBreach());
            json.put("provider", session.provider());
            json.put("handOver", handOver(session.handOver()));
            sessions.add(json);
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sessionLimit", desk.limit());
        json.put("openSessions", desk.taken());
        json.put("canCreateSession", desk.taken() < desk.limit());
        json.put("focusedSessionId", focused);
        json.put("version", desk.version());
        json.put("sessions", sessions);
        json.put("notifications", notifications(desk, scope));
        return json;
    }

    private static List<Map<String, @Nullable Object>> notifications(DeskView desk, SessionScope scope) {
        List<Map<String, @Nullable Object>> notifications = new ArrayList<>();
        for (OfferView view : desk.offers()) {
            OfferView.@Nullable Standing standing = view.standing(scope.owner().user());
            if (standing != null && scope.sees(view.offer().sender().provider())) {
                notifications.add(OfferJson.forUser(view, standing));
            }
        }
        return notifications;
    }

    private static void putAttributes(
            Map<String, @Nullable Object> json, Session session, SessionStatus status, boolean isFocused) {
        json.put("templateName", session.origin().templateName());
        json.put("templateVersion", session.origin().templateVersion());
        json.put("type", session.origin().type());
        json.put("title", session.presentation().title());
        json.put("sessionIcon", session.presentation().icon());
        json.put("communicationPanelMode", session.presentation().communicationPanelMode());
        json.put("communicationPanelWidth", session.presentation().communicationPanelWidth());
        json.put("status", status.text());
        json.put("isFocused", isFocused);
        json.put("isDefault", false);
        json.put("canClose", session.presentation().canClose());
        json.put("canCreateTab", session.tabs().open().size() < SessionLimits.TABS);
        json.put("focusRequested", session.markers().focusRequested());
        json.put("activityCount", session.markers().activityCount());
        json.put("kpiBreach", session.markers().kpiBreach());
        json.put("conversationId", session.markers().conversationId());
        json.put("correlationId", session.origin().correlationId());
        json.put("provider", session.origin().provider());
        json.put("context", session.context());
    }

    private static void putWrapUp(Map<String, @Nullable Object> json, SessionOnDesk onDesk) {
        WrapUp wrapUp = onDesk.session().wrapUp();
        WrapUp.@Nullable Pending pending = onDesk.isOpen() ? wrapUp.pending().orElse(null) : null;
        json.put("wrapUpExpiresDateTime", expires(pending));
        json.put("disposition", wrapUp.disposition());
        json.put("notes", wrapUp.notes());
        json.put(
                "closedBy", wrapUp.closedBy() == null ? null : wrapUp.closedBy().text());
    }

    private static @Nullable String expires(WrapUp.@Nullable Pending wrapUp) {
        return wrapUp == null || wrapUp.expires() == null
                ? null
                : wrapUp.expires().toString();
    }

    private static @Nullable Map<String, @Nullable Object> handOver(@Nullable PendingHandOver handOver) {
        if (handOver == null) {
            return null;
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("notificationId", handOver.notificationId());
        json.put("userId", handOver.userId());
        json.put("expiresDateTime", handOver.expires().toString());
        return json;
    }

    private static Map<String, @Nullable Object> anchor(Anchor anchor) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("entityName", anchor.entityName());
        json.put("entityId", anchor.entityId());
        return json;
    }

    private static List<Map<String, @Nullable Object>> tabs(Tabs tabs, boolean withIds) {
        List<Map<String, @Nullable Object>> json = new ArrayList<>();
        for (Tab tab : tabs.open()) {
            json.add(tab(tab, tabs, withIds));
        }
        return json;
    }

    private static Map<String, @Nullable Object> tab(Tab tab, Tabs tabs, boolean withId) {
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
        json.put("isAnchor", tabs.isAnchor(tab));
        json.put("isFocused", tab.tabId().equals(tabs.focusedId()));
        json.put("canClose", tab.canClose());
        json.put("refreshCount", tab.refreshCount());
        json.put("unsavedChanges", tab.markers().unsavedChanges());
        json.put("highlighted", tab.markers().highlighted());
        json.put("createdDateTime", tab.createdDateTime().toString());
        return json;
    }
}
