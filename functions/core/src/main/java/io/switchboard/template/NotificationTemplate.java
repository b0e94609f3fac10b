package io.switchboard.template;

import io.switchboard.json.ObjectReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A notification template ({@code cif-apm.md} §E): the toast that asks a user whether to take a conversation.
 *
 * @param title may hold slugs
 * @param icon the path of a web resource
 * @param showTimeout whether the time left is shown
 * @param timeout seconds until it counts as not answered, 0–500
 * @param autoAccept whether it accepts itself
 * @param autoPopupSession whether the session opens without being clicked
 * @param acceptButtonText may hold slugs
 * @param showRejectButton whether it can be declined
 * @param rejectButtonText may hold slugs
 * @param fields the lines below the title, at most 20
 */
public record NotificationTemplate(
        String uniqueName,
        String name,
        @Nullable String description,
        List<String> tags,
        Status status,
        String title,
        String icon,
        boolean showTimeout,
        int timeout,
        boolean autoAccept,
        boolean autoPopupSession,
        String acceptButtonText,
        boolean showRejectButton,
        String rejectButtonText,
        DesktopNotification desktopNotification,
        Theme theme,
        List<NotificationField> fields)
        implements Template {
    /** The longest title, in characters, before and after its slugs are resolved: half of the other kinds'. */
    public static final int MAXIMUM_NOTIFICATION_TITLE = 100;

    /** The longest text of a button, in characters, before and after its slugs are resolved. */
    public static final int MAXIMUM_BUTTON_TEXT = 100;

    /** What the button that takes the conversation says where nothing else is said. */
    public static final String ACCEPT = "Accept";

    /** What the button that declines it says where nothing else is said. */
    public static final String REJECT = "Reject";

    private static final int MAXIMUM_ICON = 1_024;
    private static final int MAXIMUM_TIMEOUT = 500;
    private static final int MAXIMUM_FIELDS = 20;
    private static final int DEFAULT_TIMEOUT = 120;
    private static final String DEFAULT_ICON = "/webresources/msdyn_chat_icon_zfp.svg";

    public NotificationTemplate {
        tags = List.copyOf(tags);
        fields = List.copyOf(fields);
    }

    @Override
    public TemplateKind kind() {
        return TemplateKind.NOTIFICATION_TEMPLATE;
    }

    @Override
    public Set<String> references() {
        return Set.of();
    }

    /** Reads the writable members and notes every violation of the rules of {@code API.md} §4. */
    public static NotificationTemplate read(ObjectReader reader) {
        Template.Common common = Template.readCommon(reader);
        String title = reader.requiredText("title", MAXIMUM_NOTIFICATION_TITLE);
        String icon = text(reader, "icon", MAXIMUM_ICON, DEFAULT_ICON);
        boolean showTimeout = reader.bool("showTimeout", true);
        int timeout = reader.wholeNumber("timeout", 0, MAXIMUM_TIMEOUT, DEFAULT_TIMEOUT);
        boolean autoAccept = reader.bool("autoAccept", false);
        boolean autoPopupSession = reader.bool("autoPopupSession", false);
        String acceptButtonText = text(reader, "acceptButtonText", MAXIMUM_BUTTON_TEXT, ACCEPT);
        boolean showRejectButton = reader.bool("showRejectButton", true);
        String rejectButtonText = text(reader, "rejectButtonText", MAXIMUM_BUTTON_TEXT, REJECT);
        @Nullable
        DesktopNotification desktopNotification = reader.oneOf("desktopNotification", DesktopNotification.BY_TEXT);
        @Nullable Theme theme = reader.oneOf("theme", Theme.BY_TEXT);
        List<NotificationField> fields = reader.objects("fields", MAXIMUM_FIELDS, NotificationField::read);
        Template.ignoreReadOnly(reader);
        reader.refuseUnknown();
        if (icon.indexOf('{') >= 0) {
            reader.violation("invalidValue", "icon", "icon is a literal path, without slugs.");
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

    private static String text(ObjectReader reader, String name, int maximum, String absent) {
        return reader.any(name) == null ? absent : reader.requiredText(name, maximum);
    }

    private static void checkNames(ObjectReader reader, List<NotificationField> fields) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < fields.size(); i++) {
            String name = fields.get(i).name();
            if (!name.isEmpty() && !names.add(name)) {
                String element = "fields[" + i + "].name";
                reader.violation("duplicateValue", element, element + " stands there twice: name each field once.");
            }
        }
    }

    @Override
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = Template.commonJson(this);
        json.put("title", title);
        json.put("icon", icon);
        json.put("showTimeout", showTimeout);
        json.put("timeout", timeout);
        json.put("autoAccept", autoAccept);
        json.put("autoPopupSession", autoPopupSession);
        json.put("acceptButtonText", acceptButtonText);
        json.put("showRejectButton", showRejectButton);
        json.put("rejectButtonText", rejectButtonText);
        json.put("desktopNotification", desktopNotification.text());
        json.put("theme", theme.text());
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (NotificationField field : fields) {
            lines.add(field.toJson());
        }
        json.put("fields", lines);
        return json;
    }
}
