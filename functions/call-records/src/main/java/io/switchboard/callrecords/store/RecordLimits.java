package io.switchboard.callrecords.store;

import java.time.Duration;

/**
 * What the store is told by settings.
 *
 * @param retention how long a call record is kept from storing on, with all that belongs to it; zero keeps it
 * @param mustExist whether a session of an unknown call record is refused instead of making it
 */
public record RecordLimits(Duration retention, boolean mustExist) {}
