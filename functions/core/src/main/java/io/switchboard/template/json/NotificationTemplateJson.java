package io.switchboard.template.json;

import io.switchboard.json.ObjectReader;
import io.switchboard.template.DesktopNotification;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.Theme;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API's JSON of notification templates. */
public final class NotificationTemplateJson {
    private static final int MAXIMUM_ICON = 1_024;
    private static final int MAXIMUM_TIMEOUT = 500;
    private static final int MAXIMUM_FIELDS = 20;
    private static final int DEFAULT_TIMEOUT = 120;
    private static final String DEFAULT_ICON = "/webresources/msdyn_chat_icon_zfp.svg";
    private static final int MAXIMUM_FIELD_NAME = 100;

    private NotificationTemplateJson() {}

    /**
     * Reads the writable members and reports every violation of the rules of {@code api/notification-templates.yaml}.
     */
    public static NotificationTemplate read(ObjectReader reader) {
        CommonMembers common = CommonMembers.read(reader);
        String title = reader.requiredText("title", NotificationTemplate.MAXIMUM_NOTIFICATION_TITLE);
        String icon = text(reader, "icon", MAXIMUM_ICON, DEFAULT_ICON);
        boolean showTimeout = reader.bool("showTimeout", true);
        int timeout = reader.wholeNumber("timeout", 0, MAXIMUM_TIMEOUT, DEFAULT_TIMEOUT);
        boolean autoAccept = reader.bool("autoAccept", false);
        boolean autoPopupSession = reader.bool("autoPopupSession", false);
        String acceptButtonText =
                text(reader, "acceptButtonText", NotificationTemplate.MAXIMUM_BUTTON_TEXT, NotificationTemplate.ACCEPT);
        boolean showRejectButton = reader.bool("showRejectButton", true);
        String rejectButtonText =
                text(reader, "rejectButtonText", NotificationTemplate.MAXIMUM_BUTTON_TEXT, NotificationTemplate.REJECT);
        @Nullable
        DesktopNotification desktopNotification = reader.oneOf("desktopNotification", DesktopNotification.BY_TEXT);
        @Nullable Theme theme = reader.oneOf("theme", Theme.BY_TEXT);
        List<NotificationField> fields = reader.objects("fields", MAXIMUM_FIELDS, NotificationTemplateJson::readField);
        CommonMembers.ignoreReadOnly(reader);
        reader.rejectUnknown();
        if (icon.indexOf('{') >= 0) {
            reader.violation("invalidValue", "icon", "icon must be a literal path without slugs.");
        }
        checkNames(reader, fields);
        return new NotificationTemplate(
                common.uniqueName(),
                common.name(),
                common.description(),
                common.tags(),
                common.status(),
                title,
                icon,
                showTimeout,
                timeout,
                autoAccept,
                autoPopupSession,
                acceptButtonText,
                showRejectButton,
                rejectButtonText,
                desktopNotification == null ? DesktopNotification.NEVER : desktopNotification,
                theme == null ? Theme.DARK : theme,
                fields);
    }

    private static NotificationField readField(ObjectReader reader) {
        String name = reader.requiredText("name", MAXIMUM_FIELD_NAME);
        @Nullable String fieldHeader = reader.optionalText("fieldHeader", NotificationField.MAXIMUM_HEADER);
        @Nullable String value = reader.optionalText("value", NotificationField.MAXIMUM_VALUE);
        reader.rejectUnknown();
        return new NotificationField(name, fieldHeader, value);
    }

    private static String text(ObjectReader reader, String name, int maximum, String absent) {
        return reader.any(name) == null ? absent : reader.requiredText(name, maximum);
    }

    private static void checkNames(ObjectReader reader, List<NotificationField> fields) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.get(i).name();
            if (!name.isEmpty() && !names.add(name)) {
                String element = "fields[" + i + "].name";
                reader.violation(
                        "duplicateValue", element, element + " appears more than once. Use each field name once.");
            }
        }
    }

    /** Writes the writable members. The caller can change the map. */
    public static Map<String, @Nullable Object> write(NotificationTemplate template) {
        Map<String, @Nullable Object> json = CommonMembers.write(template);
        json.put("title", template.title());
        json.put("icon", template.icon());
        json.put("showTimeout", template.showTimeout());
        json.put("timeout", template.timeout());
        json.put("autoAccept", template.autoAccept());
        json.put("autoPopupSession", template.autoPopupSession());
        json.put("acceptButtonText", template.acceptButtonText());
        json.put("showRejectButton", template.showRejectButton());
        json.put("rejectButtonText", template.rejectButtonText());
        json.put("desktopNotification", template.desktopNotification().text());
        json.put("theme", template.theme().text());
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (NotificationField field : template.fields()) {
            lines.add(write(field));
        }
        json.put("fields", lines);
        return json;
    }

    /** Writes a field, for templates and rendered notifications. */
    public static Map<String, @Nullable Object> write(NotificationField field) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("name", field.name());
        json.put("fieldHeader", field.fieldHeader());
        json.put("value", field.value());
        return json;
    }
}
