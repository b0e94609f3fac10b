package io.switchboard.callrecords.model;

/** What a body is read for. */
public enum Purpose {
    /** A new entity: what the description requires must be there; {@code unknownFutureValue} is refused. */
    CREATE,
    /** A change of one that is there: nothing is required, {@code null} removes, {@code unknownFutureValue} counts as absent. */
    PATCH
}
