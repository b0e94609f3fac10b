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
    APP_PROFILE("appProfile", "appProfiles", "app profile"),
    /** Presence states. */
    PRESENCE_STATE("presenceState", "presenceStates", "presence state");

    /** The constants by their JSON text. */
    public static final Map<String, TemplateKind> BY_TEXT = JsonEnum.byText(values());

    /**
     * All kinds in dependency order: referenced kinds come first. Page tokens contain the index of a kind, so new kinds
     * come last.
     */
    public static final List<TemplateKind> IN_DEPENDENCY_ORDER =
            List.of(APPLICATION_TAB_TEMPLATE, NOTIFICATION_TEMPLATE, SESSION_TEMPLATE, APP_PROFILE, PRESENCE_STATE);

    private final String text;
    private final String collection;
    private final String words;

    TemplateKind(String text, String collection, String words) {
        this.text = text;
        this.collection = collection;
        this.words = words;
    }

    /** Returns the kind as stored and exported. */
    @Override
    public String text() {
        return text;
    }

    /** Returns the kind to which templates of this kind refer; null for none. */
    public @Nullable TemplateKind referred() {
        return switch (this) {
            case SESSION_TEMPLATE -> APPLICATION_TAB_TEMPLATE;
            case APP_PROFILE -> SESSION_TEMPLATE;
            case APPLICATION_TAB_TEMPLATE, NOTIFICATION_TEMPLATE, PRESENCE_STATE -> null;
        };
    }

    /** Returns the last segment of the collection's path. */
    public String collection() {
        return collection;
    }

    /** Returns the kind as words of a sentence. */
    public String words() {
        return words;
    }
}
