package io.switchboard.template;

import java.util.List;
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
}
