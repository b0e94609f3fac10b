package io.switchboard.offer;

import io.switchboard.template.DesktopNotification;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.Theme;
import java.util.List;

/**
 * The appearance of an offer: a resolved copy of its notification template.
 *
 * @param templateVersion the version of the template at that time; 0 for a built-in template
 * @param timeout seconds from the time of display until the offer ends; 0 for none
 */
public record OfferContent(
        String templateName,
        long templateVersion,
        String title,
        String icon,
        List<NotificationField> fields,
        boolean showTimeout,
        int timeout,
        boolean autoAccept,
        boolean autoPopupSession,
        String acceptButtonText,
        boolean showRejectButton,
        String rejectButtonText,
        DesktopNotification desktopNotification,
        Theme theme) {
    public OfferContent {
        fields = List.copyOf(fields);
    }

    /** Returns the content of a rendered notification. */
    public static OfferContent of(RenderedNotification rendered, long templateVersion) {
        NotificationTemplate template = rendered.template();
        return new OfferContent(
                template.uniqueName(),
                templateVersion,
                rendered.title(),
                template.icon(),
                rendered.fields(),
                template.showTimeout(),
                template.timeout(),
                template.autoAccept(),
                template.autoPopupSession(),
                rendered.acceptButtonText(),
                template.showRejectButton(),
                rendered.rejectButtonText(),
                template.desktopNotification(),
                template.theme());
    }

    /**
     * Returns the content for a hand-over: no user gets a session without accepting it, and the sender knows the time
     * of the end, which must not depend on the desk of the other user.
     */
    public OfferContent forHandOver() {
        return new OfferContent(
                templateName,
                templateVersion,
                title,
                icon,
                fields,
                showTimeout,
                0,
                false,
                autoPopupSession,
                acceptButtonText,
                showRejectButton,
                rejectButtonText,
                desktopNotification,
                theme);
    }
}
