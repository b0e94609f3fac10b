package io.switchboard.callrecords.model;

/** The purpose of reading a body. */
public enum Purpose {
    /** A new entity: required properties must be present; {@code unknownFutureValue} is a value like any other. */
    CREATE,
    /**
     * A change of a stored entity: nothing is required, {@code null} removes, {@code unknownFutureValue} is treated as
     * absent.
     */
    PATCH
}
