package io.switchboard.sessions.recordsource;

import java.time.Duration;

/** The text of a secret. Thread-safe. */
@FunctionalInterface
interface SecretText {
    /**
     * Reads it.
     *
     * @param time for reading, at most
     * @throws RuntimeException where that fails
     */
    String read(Duration time);
}
