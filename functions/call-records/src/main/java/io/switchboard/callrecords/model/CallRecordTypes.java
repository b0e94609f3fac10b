package io.switchboard.callrecords.model;

/** The entity types, read from the description when the first of them is asked for. */
@SuppressWarnings("DoNotCallSuggester")
public final class CallRecordTypes {
    private CallRecordTypes() {}

    /** {@code microsoft.graph.callRecords.callRecord}. */
    public static EntityType callRecord() {
        throw new UnsupportedOperationException();
    }

    /** {@code microsoft.graph.callRecords.session}. */
    public static EntityType session() {
        throw new UnsupportedOperationException();
    }

    /** {@code microsoft.graph.callRecords.segment}. */
    public static EntityType segment() {
        throw new UnsupportedOperationException();
    }

    /** {@code microsoft.graph.callRecords.participant}. */
    public static EntityType participant() {
        throw new UnsupportedOperationException();
    }

    /** {@code microsoft.graph.callRecords.organizer}. */
    public static EntityType organizer() {
        throw new UnsupportedOperationException();
    }
}
