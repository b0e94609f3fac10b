package io.switchboard.session;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The status of a session. */
public enum SessionStatus {
    /** On the desk. */
    OPEN("open"),
    /** On the desk, after the contact ended: the agent completes the session. */
    WRAP_UP("wrapUp"),
    /** Ended, and read-only. */
    CLOSED("closed");

    /** The constants by their text, in the order of the texts. */
    public static final Map<String, SessionStatus> BY_TEXT = Collections.unmodifiableMap(
            new TreeMap<>(Map.of(OPEN.text, OPEN, WRAP_UP.text, WRAP_UP, CLOSED.text, CLOSED)));

    private final String text;

    SessionStatus(String text) {
        this.text = text;
    }

    /** Returns the text in JSON. */
    public String text() {
        return text;
    }
}
