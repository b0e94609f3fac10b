package io.switchboard.callrecords.notifications;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which changes of call records a subscription is for ({@code graph-callrecords.md} §D.2). */
public enum ChangeType {
    /** A call record is there for the first time: once for each. */
    CREATED("created"),
    /** A version of a call record is there: the first, and each later one. */
    UPDATED("updated");

    /** The types by their text. */
    public static final Map<String, ChangeType> BY_TEXT = byText();

    private final String text;

    ChangeType(String text) {
        this.text = text;
    }

    /** As JSON shows it. */
    public String text() {
        return text;
    }

    private static Map<String, ChangeType> byText() {
        Map<String, ChangeType> types = new LinkedHashMap<>();
        for (ChangeType type : values()) {
            types.put(type.text, type);
        }
        return Collections.unmodifiableMap(types);
    }
}
