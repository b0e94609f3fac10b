package io.switchboard.template;

/** The kinds of templates, each with its own collection. */
public enum TemplateKind {
    /** Session templates. */
    SESSION_TEMPLATE("sessionTemplate", "sessionTemplates", "session template"),
    /** Application tab templates. */
    APPLICATION_TAB_TEMPLATE("applicationTabTemplate", "applicationTabTemplates", "application tab template"),
    /** Notification templates. */
    NOTIFICATION_TEMPLATE("notificationTemplate", "notificationTemplates", "notification template");

    private final String text;
    private final String collection;
    private final String words;

    TemplateKind(String text, String collection, String words) {
        this.text = text;
        this.collection = collection;
        this.words = words;
    }

    /** The kind as stored and exported. */
    public String text() {
        return text;
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
