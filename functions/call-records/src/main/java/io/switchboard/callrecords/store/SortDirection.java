package io.switchboard.callrecords.store;

/** The direction in which a list is sorted. */
public enum SortDirection {
    ASCENDING,
    DESCENDING
}
