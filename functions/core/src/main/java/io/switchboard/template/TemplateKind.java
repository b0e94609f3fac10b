package io.switchboard.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kinds of templates, each with its own collection. */
public enum TemplateKind implements JsonEnum {
    /** Session templates. */
    SESSION_TEMPLATE("sessionTemplate", "sessionTemplates", "session template"),
    /** Application tab templates. */
    APPLICATION_TAB_TEMPLATE("applicationTabTemplate", "applicationTabTemplates", "application tab template"),
    /** Notification templates. */
    NOTIFICATION_TEMPLATE("notificationTemplate", "notificationTemplates", "notification template"),
    /** App profiles. */
    APP_PROFILE("appProfile", "appProfiles", "app profile");

    /** By text. */
    public static final Map<String, TemplateKind> BY_TEXT = JsonEnum.byText(values());

    /** Those that are referred to before those that refer to them. */
    public static final List<TemplateKind> IN_DEPENDENCY_ORDER =
            List.of(APPLICATION_TAB_TEMPLATE, NOTIFICATION_TEMPLATE, SESSION_TEMPLATE, APP_PROFILE);

    private final String text;
    private final String collection;
    private final String words;

    TemplateKind(String text, String collection, String words) {
        this.text = text;
        this.collection = collection;
        this.words = words;
    }

    /** The kind as stored and exported. */
    @Override
    public String text() {
        return text;
    }

    /** The kind that templates of this kind refer to; null where they refer to none. */
    public @Nullable TemplateKind referred() {
        return switch (this) {
            case SESSION_TEMPLATE -> APPLICATION_TAB_TEMPLATE;
            case APP_PROFILE -> SESSION_TEMPLATE;
            case APPLICATION_TAB_TEMPLATE, NOTIFICATION_TEMPLATE -> null;
        };
    }

    /** The last segment of the collection's path. */
    public String collection() {
        return collection;
    }

    /** The kind in a sentence. */
    public String words() {
        return words;
    }
}
