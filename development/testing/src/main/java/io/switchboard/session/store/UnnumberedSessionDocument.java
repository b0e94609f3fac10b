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

/** Writes sessions as releases before schema numbers stored them. It never changes. */
public final class UnnumberedSessionDocument {
    private UnnumberedSessionDocument() {}

    /** Returns the document of a session. */
    public static String write(Session session) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("sessionId", session.id());
        json.put("templateName", session.origin().templateName());
        json.put("templateVersion", session.origin().templateVersion());
        json.put("type", session.origin().type());
        json.put("title", session.presentation().title());
        json.put("sessionIcon", session.presentation().icon());
        json.put("communicationPanelMode", session.presentation().communicationPanelMode());
        json.put("status", session.times().closed() == null ? "open" : "closed");
        json.put("isFocused", false);
        json.put("isDefault", false);
        json.put("canClose", session.presentation().canClose());
        json.put("canCreateTab", session.tabs().open().size() < 10);
        json.put("focusRequested", session.markers().focusRequested());
        json.put("activityCount", session.markers().activityCount());
        json.put("kpiBreach", session.markers().kpiBreach());
        json.put("conversationId", session.markers().conversationId());
        json.put("correlationId", session.origin().correlationId());
        json.put("provider", session.origin().provider());
        json.put("context", session.context());
        Map<String, @Nullable Object> anchor = new LinkedHashMap<>();
        anchor.put("entityName", session.anchor().entityName());
        anchor.put("entityId", session.anchor().entityId());
        json.put("anchor", anchor);
        json.put("anchorTabId", session.tabs().anchorId());
        json.put("focusedTabId", session.tabs().focusedId());
        List<Map<String, @Nullable Object>> tabs = new ArrayList<>();
        session.tabs().open().forEach(tab -> tabs.add(tab(tab, session)));
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
        json.put("createdDateTime", session.times().created().toString());
        json.put("lastModifiedDateTime", session.times().lastModified().toString());
        json.put(
                "closedDateTime",
                session.times().closed() == null
                        ? null
                        : session.times().closed().toString());
        json.put("version", session.version());
        List<Map<String, @Nullable Object>> closedTabs = new ArrayList<>();
        for (ClosedTab closed : session.tabs().closed()) {
            Map<String, @Nullable Object> one = tab(closed.tab(), session);
            one.put("until", closed.until().toString());
            closedTabs.add(one);
        }
        json.put("closedTabs", closedTabs);
        json.put("anchorAttributes", session.anchor().attributes());
        json.put("fetchedAttributes", List.copyOf(session.anchor().fetched()));
        Rendering rendering = session.origin().rendering();
        Map<String, @Nullable Object> rendered = new LinkedHashMap<>();
        rendered.put("title", rendering.title());
        rendered.put("fallbackTitles", rendering.fallbackTitles());
        rendered.put("name", rendering.name());
        rendered.put("appliesTitleToAnchorTab", rendering.appliesTitleToAnchorTab());
        rendered.put("defaults", rendering.defaults());
        json.put("rendering", rendered);
        return Json.write(json);
    }

    /** Returns the same session as releases with schema numbers store it. */
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
        json.put("isAnchor", tab.tabId().equals(session.tabs().anchorId()));
        json.put("isFocused", tab.tabId().equals(session.tabs().focusedId()));
        json.put("canClose", tab.canClose());
        json.put("refreshCount", tab.refreshCount());
        json.put("createdDateTime", tab.createdDateTime().toString());
        if (tab.requestHash() != null) {
            json.put("requestHash", tab.requestHash());
        }
        return json;
    }
}
