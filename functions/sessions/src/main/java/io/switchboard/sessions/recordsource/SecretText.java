package io.switchboard.sessions.recordsource;

import java.time.Duration;

/** The text of a secret. Thread-safe. */
@FunctionalInterface
interface SecretText {
    /**
     * Reads the secret.
     *
     * @param time the maximum time
     * @throws RuntimeException if the read fails
     */
    String read(Duration time);
}
