package io.switchboard.runtime;

/** The services on which functions depend, for error messages. */
public enum Dependency {
    DATABASE("The database"),
    QUEUE("The queue"),
    EVENT_BUS("The event bus"),
    ENDPOINT("The endpoint of the subscription");

    private final String text;

    Dependency(String text) {
        this.text = text;
    }

    /** Returns the name as the subject of a sentence. */
    public String text() {
        return text;
    }
}
