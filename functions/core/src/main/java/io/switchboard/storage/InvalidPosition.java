package io.switchboard.storage;

/**
 * A list was read from a position that it does not have. Over HTTP it is the 400 {@code invalidPageToken}. Carries no stack trace: it is
 * a caller's error, not a fault.
 */
public final class InvalidPosition extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Names neither the list nor the position: a caller made it up. */
    public InvalidPosition() {
        super("The list does not have this position", null, false, false);
    }
}
