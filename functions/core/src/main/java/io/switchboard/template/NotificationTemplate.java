package io.switchboard.template;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A notification template ({@code docs/domain/session-templates.md}, "Notification templates"): the notification that
 * offers a conversation to a user.
 *
 * @param title the title, which can contain slugs
 * @param icon the path of a web resource
 * @param showTimeout whether the remaining time is shown
 * @param timeout seconds until it expires without a response, 0–500
 * @param autoAccept whether the conversation is accepted automatically
 * @param autoPopupSession whether the session opens without a click
 * @param acceptButtonText the button text, which can contain slugs
 * @param showRejectButton whether the user can decline
 * @param rejectButtonText the button text, which can contain slugs
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
    /** The longest title, in characters, before and after its slugs are resolved: half of the limit of other kinds. */
    public static final int MAXIMUM_NOTIFICATION_TITLE = 100;

    /** The longest text of a button, in characters, before and after its slugs are resolved. */
    public static final int MAXIMUM_BUTTON_TEXT = 100;

    /** The default text of the accept button. */
    public static final String ACCEPT = "Accept";

    /** The default text of the reject button. */
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
