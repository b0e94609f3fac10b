package io.switchboard.dynamodb;

import java.time.Duration;

/** Pauses between the attempts of a call. Tests record the pauses instead. */
@FunctionalInterface
public interface Pauses {
    /** Waits for this time. */
    void pause(Duration time) throws InterruptedException;
}
