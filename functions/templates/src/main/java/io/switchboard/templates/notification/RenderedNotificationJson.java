package io.switchboard.templates.notification;

import io.switchboard.offer.RenderedNotification;
import io.switchboard.slug.Warning;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.json.NotificationTemplateJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The API's JSON of rendered notifications. */
public final class RenderedNotificationJson {
    private RenderedNotificationJson() {}

    /**
     * Writes a response.
     *
     * @param templateVersion the version of the rendered template
     */
    public static Map<String, @Nullable Object> write(RenderedNotification rendered, long templateVersion) {
        NotificationTemplate template = rendered.template();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("templateName", template.uniqueName());
        json.put("templateVersion", templateVersion);
        json.put("title", rendered.title());
        json.put("icon", template.icon());
        json.put("showTimeout", template.showTimeout());
        json.put("timeout", template.timeout());
        json.put("autoAccept", template.autoAccept());
        json.put("autoPopupSession", template.autoPopupSession());
        json.put("acceptButtonText", rendered.acceptButtonText());
        json.put("showRejectButton", template.showRejectButton());
        json.put("rejectButtonText", rendered.rejectButtonText());
        json.put("desktopNotification", template.desktopNotification().text());
        json.put("theme", template.theme().text());
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (NotificationField field : rendered.fields()) {
            lines.add(NotificationTemplateJson.write(field));
        }
        json.put("fields", lines);
        json.put("warnings", Warning.toJson(rendered.warnings()));
        return json;
    }
}
