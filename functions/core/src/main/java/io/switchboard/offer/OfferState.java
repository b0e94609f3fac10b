package io.switchboard.offer;

import io.switchboard.template.JsonEnum;
import java.util.Map;

/** The state of an offer, for one user or as a whole. */
public enum OfferState implements JsonEnum {
    /** It waits until the desk shows the offers before it. */
    QUEUED("queued"),
    /** The desk shows it. */
    DISPLAYED("displayed"),
    /** A user accepted it, or it was accepted automatically. */
    ACCEPTED("accepted"),
    /** The user declined it, or the queue of the desk was full. */
    REJECTED("rejected"),
    /** No user answered in time. */
    TIMED_OUT("timedOut"),
    /** The sender withdrew it, or another user accepted it. */
    CANCELLED("cancelled");

    /** The constants by their JSON text. */
    public static final Map<String, OfferState> BY_TEXT = JsonEnum.byText(values());

    private final String text;

    OfferState(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
