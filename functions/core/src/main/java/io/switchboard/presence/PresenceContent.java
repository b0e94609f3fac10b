package io.switchboard.presence;

import io.switchboard.template.BasicState;
import org.jspecify.annotations.Nullable;

/**
 * The activity of a user, without times.
 *
 * @param state the unique name of the presence state that was chosen; null for none
 * @param text the user's own words; null for none
 */
public record PresenceContent(
        BasicState basicState,
        @Nullable String state,
        @Nullable String text) {
    /** The longest text, in characters. With it, the item of a presence usually fits one kilobyte. */
    public static final int MAXIMUM_TEXT = 100;

    /** The content of a presence that has expired or was never set. */
    public static final PresenceContent OFFLINE = new PresenceContent(BasicState.OFFLINE, null, null);

    /** Returns whether the user does not work. */
    public boolean isOffline() {
        return basicState == BasicState.OFFLINE;
    }

    /** Returns whether the user will probably not answer a notification. */
    public boolean isUnavailable() {
        return isOffline() || basicState == BasicState.AWAY;
    }
}
