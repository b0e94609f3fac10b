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
}
