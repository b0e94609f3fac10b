package io.switchboard.local;

/** The local server cannot start or run; the message is one line that says why and what to do next. */
public final class LocalServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LocalServerException(String message) {
        super(message);
    }

    LocalServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
