package io.switchboard.runtime;

/** What a function needs besides itself, as an error message names it. */
public enum Dependency {
    DATABASE("The database"),
    QUEUE("The queue"),
    EVENT_BUS("The event bus"),
    ENDPOINT("The endpoint of the subscription");

    private final String text;

    Dependency(String text) {
        this.text = text;
    }

    /** The subject of a sentence. */
    public String text() {
        return text;
    }
}
