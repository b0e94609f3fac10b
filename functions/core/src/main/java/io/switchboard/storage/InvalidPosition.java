package io.switchboard.storage;

/**
 * Signals that a list does not have the requested position. The HTTP response is 400 {@code invalidPageToken}. It
 * carries no stack trace, because it is an error of the caller and not a fault.
 */
public final class InvalidPosition extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The message contains neither the list nor the position, because a caller made it up. */
    public InvalidPosition() {
        super("The list does not have this position", null, false, false);
    }
}
