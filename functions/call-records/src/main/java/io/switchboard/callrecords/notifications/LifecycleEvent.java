package io.switchboard.callrecords.notifications;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The events of a subscription that its lifecycle endpoint receives, as in Graph. */
public enum LifecycleEvent {
    /** Notifications were given up, or the subscription is suspended. */
    MISSED("missed"),
    /** The subscription expires soon; sent once before each expiry. */
    REAUTHORIZATION_REQUIRED("reauthorizationRequired"),
    /** The subscription has expired, or another user or an operator removed it. */
    SUBSCRIPTION_REMOVED("subscriptionRemoved");

    /** The events by their text. */
    public static final Map<String, LifecycleEvent> BY_TEXT = byText();

    private final String text;

    LifecycleEvent(String text) {
        this.text = text;
    }

    /** Returns the text in JSON. */
    public String text() {
        return text;
    }

    private static Map<String, LifecycleEvent> byText() {
        Map<String, LifecycleEvent> events = new LinkedHashMap<>();
        for (LifecycleEvent event : values()) {
            events.put(event.text, event);
        }
        return Collections.unmodifiableMap(events);
    }
}
