package io.switchboard.session.store;

import io.switchboard.json.Json;
import io.switchboard.session.ClosedTab;
import io.switchboard.session.Rendering;
import io.switchboard.session.Session;
import io.switchboard.session.Tab;
import io.switchboard.slug.Warning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sessions as releases before schema numbers stored them. It never changes. */
public final class UnnumberedSessionDocument {
    private UnnumberedSessionDocument() {}

    /** The document of a session. */
    public static String write(Session session) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sessionId", session.id());
        json.put("templateName", session.templateName());
        json.put("templateVersion", session.templateVersion());
        json.put("type", session.type());
        json.put("title", session.title());
        json.put("sessionIcon", session.sessionIcon());
        json.put("communicationPanelMode", session.communicationPanelMode());
        json.put("status", session.closedDateTime() == null ? "open" : "closed");
        json.put("isFocused", false);
        json.put("isDefault", false);
        json.put("canClose", session.canClose());
        json.put("canCreateTab", session.tabs().size() < 10);
        json.put("focusRequested", session.focusRequested());
        json.put("activityCount", session.activityCount());
        json.put("kpiBreach", session.kpiBreach());
        json.put("conversationId", session.conversationId());
        json.put("correlationId", session.correlationId());
        json.put("provider", session.provider());
        json.put("context", session.context());
        Map<String, @Nullable Object> anchor = new LinkedHashMap<>();
        anchor.put("entityName", session.anchor().entityName());
        anchor.put("entityId", session.anchor().entityId());
        json.put("anchor", anchor);
        json.put("anchorTabId", session.anchorTabId());
        json.put("focusedTabId", session.focusedTabId());
        List<Map<String, @Nullable Object>> tabs = new ArrayList<>();
        session.tabs().forEach(tab -> tabs.add(tab(tab, session)));
        json.put("tabs", tabs);
        List<Map<String, @Nullable Object>> warnings = new ArrayList<>();
        for (Warning warning : session.warnings()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("code", warning.code());
            one.put("message", warning.message());
            one.put("target", warning.target());
            warnings.add(one);
        }
        json.put("warnings", warnings);
        json.put("createdDateTime", session.createdDateTime().toString());
        json.put("lastModifiedDateTime", session.lastModifiedDateTime().toString());
        json.put(
                "closedDateTime",
                session.closedDateTime() == null
                        ? null
                        : session.closedDateTime().toString());
        json.put("version", session.version());
        List<Map<String, @Nullable Object>> closedTabs = new ArrayList<>();
        for (ClosedTab closed : session.closedTabs()) {
            Map<String, @Nullable Object> one = tab(closed.tab(), session);
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
        return Json.write(json);
    }

    /** The same session as releases since schema numbers store it. */
    public static String rewritten(String document) {
        return StoredSessionDocument.write(StoredSessionDocument.read("any", document, java.time.Instant.EPOCH, 1));
    }

    private static Map<String, @Nullable Object> tab(Tab tab, Session session) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("tabId", tab.tabId());
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
        if (tab.requestHash() != null) {
            json.put("requestHash", tab.requestHash());
        }
        return json;
    }
}
