package io.switchboard.templates.notification;

import io.switchboard.slug.Warning;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import java.util.List;

/**
 * A notification template with a caller's values put in: what a desk shows.
 *
 * @param template where the rest comes from
 * @param title the template's name where nothing is left of the title
 * @param fields in the template's order
 * @param warnings what was changed or left out
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
}
