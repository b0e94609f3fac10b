package io.switchboard.callrecords.store;

/** The order of a list of call records: by start, then by id. */
public enum StartOrder {
    ASCENDING,
    DESCENDING
}
