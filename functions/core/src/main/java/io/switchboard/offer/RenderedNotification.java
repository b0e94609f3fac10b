package io.switchboard.offer;

import io.switchboard.slug.Warning;
import io.switchboard.template.NotificationField;
import io.switchboard.template.NotificationTemplate;
import java.util.List;

/**
 * A notification template with its slugs resolved, as a desk shows it.
 *
 * @param template the source of all other properties
 * @param title the resolved title; the template's name if it is blank
 * @param fields in the template's order
 * @param warnings the changes and omissions
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
