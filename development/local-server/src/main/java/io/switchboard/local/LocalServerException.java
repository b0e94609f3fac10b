package io.switchboard.local;

/** Signals that the local server cannot start or run. The message is one line that states the cause and the remedy. */
public final class LocalServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LocalServerException(String message) {
        super(message);
    }

    LocalServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
