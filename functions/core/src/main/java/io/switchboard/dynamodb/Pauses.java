package io.switchboard.dynamodb;

import java.time.Duration;

/** Waits between the attempts of a call. Tests record the pauses instead. */
@FunctionalInterface
public interface Pauses {
    /** Waits this long. */
    void pause(Duration time) throws InterruptedException;
}
