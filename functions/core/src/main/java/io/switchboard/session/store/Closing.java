package io.switchboard.session.store;

import io.switchboard.session.WrapUp.ClosedBy;
import org.jspecify.annotations.Nullable;

/**
 * How a caller closes a session.
 *
 * @param by who closes it
 * @param completion what completes the session; null if a session whose template has wrap-up must start it
 * @param start the change of a session whose wrap-up starts
 * @param discards whether unsaved changes of tabs are lost; otherwise, they keep the session open
 */
public record Closing(ClosedBy by, @Nullable Completion completion, SessionChange start, boolean discards) {
    /** A close by an agent that changes nothing else. */
    public static final Closing BY_AGENT = new Closing(ClosedBy.AGENT, null, onDesk -> onDesk.session(), false);

    /**
     * The end of a contact.
     *
     * @param disposition the disposition; null for none
     * @param notes the notes of the agent; null keeps earlier ones
     */
    public record Completion(
            @Nullable String disposition, @Nullable String notes) {}
}
