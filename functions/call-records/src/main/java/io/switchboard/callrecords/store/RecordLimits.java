package io.switchboard.callrecords.store;

import java.time.Duration;

/**
 * The settings of the store.
 *
 * @param retention how long a call record is kept after it is stored, with its children; zero keeps it forever
 * @param mustExist whether a session of an unknown call record is rejected instead of creating the record
 */
public record RecordLimits(Duration retention, boolean mustExist) {}
