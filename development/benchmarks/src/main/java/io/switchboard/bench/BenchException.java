package io.switchboard.bench;

import org.jspecify.annotations.Nullable;

/** A reason why a benchmark cannot continue. The message is one line that states what to do. */
final class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BenchException(String message) {
        this(message, null);
    }

    BenchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
