package io.switchboard.callrecords.notifications;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The changes of call records that a subscription covers ({@code docs/domain/call-records.md}, "Change notifications").
 */
public enum ChangeType {
    /** A call record was created; sent once per record. */
    CREATED("created"),
    /** A version of a call record was stored: the first and each later one. */
    UPDATED("updated"),
    /** A call record was deleted, not by its retention; on the event bus only. */
    DELETED("deleted");

    /** The change types by their text. */
    public static final Map<String, ChangeType> BY_TEXT = byText();

    private final String text;

    ChangeType(String text) {
        this.text = text;
    }

    /** Returns the text in JSON. */
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
