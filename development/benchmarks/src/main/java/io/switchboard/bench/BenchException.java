package io.switchboard.bench;

import org.jspecify.annotations.Nullable;

/** Why a bench cannot go on; the message is one line that says what to do. */
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BenchException(String message) {
        this(message, null);
    }

    BenchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
