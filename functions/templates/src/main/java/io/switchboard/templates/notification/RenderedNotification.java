package io.switchboard.templates.notification;

import io.switchboard.slug.Warning;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A notification template with a caller's values put in: what a desk shows.
 *
 * @param template where the rest comes from
 * @param title the template's name where nothing is left of the title
 * @param fields in the template's order
 * @param warnings what was mended or left out
 */
public record RenderedNotification(
        NotificationTemplate template,
        String title,
        String acceptButtonText,
        String rejectButtonText,
        List<NotificationField> fields,
        List<Warning> warnings) {
    public RenderedNotification {
        fields = List.copyOf(fields);
        warnings = List.copyOf(warnings);
    }

    /**
     * The answer's JSON.
     *
     * @param templateVersion the version it was rendered from
     */
    public Map<String, @Nullable Object> toJson(long templateVersion) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("templateName", template.uniqueName());
        json.put("templateVersion", templateVersion);
        json.put("title", title);
        json.put("icon", template.icon());
        json.put("showTimeout", template.showTimeout());
        json.put("timeout", template.timeout());
        json.put("autoAccept", template.autoAccept());
        json.put("autoPopupSession", template.autoPopupSession());
        json.put("acceptButtonText", acceptButtonText);
        json.put("showRejectButton", template.showRejectButton());
        json.put("rejectButtonText", rejectButtonText);
        json.put("desktopNotification", template.desktopNotification().text());
        json.put("theme", template.theme().text());
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (NotificationField field : fields) {
            lines.add(field.toJson());
        }
        json.put("fields", lines);
        json.put("warnings", Warning.toJson(warnings));
        return json;
    }
}
