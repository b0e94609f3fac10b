package io.switchboard.template.json;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import io.switchboard.template.AppProfile;
import io.switchboard.template.ApplicationTabTemplate;
import io.switchboard.template.NotificationTemplate;
import io.switchboard.template.PresenceState;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads and writes the API's JSON of all kinds of templates, which differs from the stored JSON. */
public final class TemplateJson {
    private TemplateJson() {}

    /** Reads a template of this kind. The reader collects the violations. */
    public static Template read(TemplateKind kind, ObjectReader reader) {
        Template template = parse(kind, reader);
        int size = Json.size(write(template));
        if (size > Template.MAXIMUM_BYTES) {
            reader.violation(
                    "templateTooLarge",
                    "",
                    "The " + kind.words() + " has " + size + " bytes as JSON; at most " + Template.MAXIMUM_BYTES
                            + " are allowed. Shorten its texts.");
        }
        return template;
    }

    private static Template parse(TemplateKind kind, ObjectReader reader) {
        return switch (kind) {
            case SESSION_TEMPLATE -> SessionTemplateJson.read(reader);
            case APPLICATION_TAB_TEMPLATE -> ApplicationTabTemplateJson.read(reader);
            case NOTIFICATION_TEMPLATE -> NotificationTemplateJson.read(reader);
            case APP_PROFILE -> AppProfileJson.read(reader);
            case PRESENCE_STATE -> PresenceStateJson.read(reader);
        };
    }

    /** Reads a built-in template, which must be valid. */
    public static Template readOwn(TemplateKind kind, Map<String, @Nullable Object> json) {
        Violations violations = new Violations();
        Template template = parse(kind, new ObjectReader(json, "", violations));
        if (!violations.isEmpty()) {
            throw new IllegalStateException("A built-in " + kind.words() + " is invalid: " + violations.all());
        }
        return template;
    }

    /** Reads the unique name of a new template. The reader collects the violations. */
    public static String readUniqueName(ObjectReader reader) {
        return CommonMembers.readUniqueName(reader);
    }

    /** Writes the writable members of a template. The caller can change the map. */
    public static Map<String, @Nullable Object> write(Template template) {
        return switch (template) {
            case SessionTemplate session -> SessionTemplateJson.write(session);
            case ApplicationTabTemplate tab -> ApplicationTabTemplateJson.write(tab);
            case NotificationTemplate notification -> NotificationTemplateJson.write(notification);
            case AppProfile profile -> AppProfileJson.write(profile);
            case PresenceState state -> PresenceStateJson.write(state);
        };
    }

    /** Writes all members of a template, as {@code api/templates.yaml} defines them. The caller can change the map. */
    public static Map<String, @Nullable Object> write(Stored<? extends Template> stored) {
        Map<String, @Nullable Object> json = write(stored.template());
        json.put("origin", stored.origin().text());
        json.put("version", stored.version());
        json.put("createdDateTime", text(stored.createdDateTime()));
        json.put("createdBy", stored.createdBy());
        json.put("lastModifiedDateTime", text(stored.lastModifiedDateTime()));
        json.put("lastModifiedBy", stored.lastModifiedBy());
        return json;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
