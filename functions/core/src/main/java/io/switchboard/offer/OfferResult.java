package io.switchboard.offer;

import io.switchboard.template.JsonEnum;
import java.util.Map;

/**
 * How an offer ended, with the names of the Channel Integration Framework
 * ({@code docs/domain/channel-integration-framework.md}, "Notification methods").
 */
public enum OfferResult implements JsonEnum {
    /** The user accepted. */
    ACCEPT("accept", OfferState.ACCEPTED, "Accept", "Accept"),
    /** The template accepts for the user. */
    AUTO_ACCEPT("autoAccept", OfferState.ACCEPTED, "AutoAccept", "AutoAccept"),
    /** The user declined. */
    DECLINED("declined", OfferState.REJECTED, "Reject", "DeclinedByAgent"),
    /** It was displayed, and the user did not answer in time. */
    DISPLAY_TIMEOUT("displayTimeout", OfferState.TIMED_OUT, "Timeout", "DisplayTimeout"),
    /** It was not displayed in time. */
    QUEUE_TIMEOUT("queueTimeout", OfferState.TIMED_OUT, "Reject", "NotificationQueueTimeLimitExceeded"),
    /** The queue of the desk was full. */
    QUEUE_LIMIT("queueLimit", OfferState.REJECTED, "Reject", "NotificationQueueLimitExceeded"),
    /** The sender withdrew it, or another user accepted it. */
    CANCELLED("cancelled", OfferState.CANCELLED, "Cancel", "CancelledByProvider");

    /** The constants by their text in stored documents. */
    public static final Map<String, OfferResult> BY_TEXT = JsonEnum.byText(values());

    private final String text;
    private final OfferState state;
    private final String actionName;
    private final String responseReason;

    OfferResult(String text, OfferState state, String actionName, String responseReason) {
        this.text = text;
        this.state = state;
        this.actionName = actionName;
        this.responseReason = responseReason;
    }

    @Override
    public String text() {
        return text;
    }

    /** Returns the state of an offer that ended like this. */
    public OfferState state() {
        return state;
    }

    /** Returns the name of the action in the Channel Integration Framework. */
    public String actionName() {
        return actionName;
    }

    /** Returns the reason in the Channel Integration Framework. */
    public String responseReason() {
        return responseReason;
    }
}
