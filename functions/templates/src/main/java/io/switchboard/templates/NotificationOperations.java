package io.switchboard.templates;

import io.switchboard.http.ErrorCode;
import io.switchboard.http.Refusal;
import io.switchboard.http.Request;
import io.switchboard.http.Response;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.offer.NotificationParameters;
import io.switchboard.offer.NotificationResolver;
import io.switchboard.offer.RenderedNotification;
import io.switchboard.slug.Warning;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.Status;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.catalog.TemplateCatalog;
import io.switchboard.templates.notification.RenderedNotificationJson;
import io.switchboard.text.InputLimits;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The operation that renders a notification template with the values of a request. Thread-safe. */
final class NotificationOperations {
    private static final String STRICT = "handling=strict";

    private final TemplateCatalog catalog;

    NotificationOperations(TemplateCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Returns the notification as a desk shows it ({@code docs/domain/channel-integration-framework.md}, "Notification
     * methods", {@code notifyEvent}). Stores nothing.
     */
    Response render(Request request) {
        request.query(Set.of());
        String tenant = TemplateRequests.tenant(request);
        String name = TemplateRequests.name(request, TemplateKind.NOTIFICATION_TEMPLATE);
        Map<String, Object> parameters = parameters(request);
        @Nullable
        Stored<Template> stored = catalog.read(tenant, TemplateKind.NOTIFICATION_TEMPLATE, name, request.now())
                .orElse(null);
        if (stored == null || !(stored.template() instanceof NotificationTemplate template)) {
            throw TemplateRefusals.notFound(TemplateKind.NOTIFICATION_TEMPLATE, name);
        }
        if (template.status() == Status.INACTIVE) {
            throw Refusal.of(
                    ErrorCode.TEMPLATE_INACTIVE,
                    "The notification template " + InputLimits.excerpt(name)
                            + " is inactive. Activate it, or use another.",
                    "");
        }
        RenderedNotification rendered = new NotificationResolver(template, parameters).render();
        if (!request.isStrict()) {
            return Response.ok(RenderedNotificationJson.write(rendered, stored.version()));
        }
        if (!rendered.warnings().isEmpty()) {
            throw Refusal.strict(Warning.violations(rendered.warnings())).withHeader("Preference-Applied", STRICT);
        }
        return Response.ok(RenderedNotificationJson.write(rendered, stored.version()))
                .with("Preference-Applied", STRICT);
    }

    /** Reads the values. The body is optional, because a template may not have slugs. */
    private static Map<String, Object> parameters(Request request) {
        if (!request.hasBody()) {
            return Map.of();
        }
        Violations violations = new Violations();
        ObjectReader body = new ObjectReader(request.bodyObject(false), "", violations);
        Map<String, Object> parameters = NotificationParameters.read(body);
        body.rejectUnknown();
        Refusal.ifAny(violations);
        return parameters;
    }
}
