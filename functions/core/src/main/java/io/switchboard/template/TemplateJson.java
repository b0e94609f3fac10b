package io.switchboard.template;

import io.switchboard.json.Json;
import io.switchboard.json.ObjectReader;
import io.switchboard.json.Violations;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads templates of every kind from the JSON of the API. */
public final class TemplateJson {
    private TemplateJson() {}

    /** A template of this kind; the reader notes what is wrong. */
    public static Template read(TemplateKind kind, ObjectReader reader) {
        Template template = parse(kind, reader);
        int size = Json.size(template.toJson());
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
            case SESSION_TEMPLATE -> SessionTemplate.read(reader);
            case APPLICATION_TAB_TEMPLATE -> ApplicationTabTemplate.read(reader);
            case NOTIFICATION_TEMPLATE -> NotificationTemplate.read(reader);
            case APP_PROFILE -> AppProfile.read(reader);
        };
    }

    /** A template this product ships: it breaks no rule. */
    static Template readOwn(TemplateKind kind, Map<String, @Nullable Object> json) {
        Violations violations = new Violations();
        Template template = parse(kind, new ObjectReader(json, "", violations));
        if (!violations.isEmpty()) {
            throw new IllegalStateException("A shipped " + kind.words() + " breaks the rules: " + violations.all());
        }
        return template;
    }
}
