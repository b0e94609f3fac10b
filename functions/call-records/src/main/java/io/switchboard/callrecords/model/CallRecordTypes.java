package io.switchboard.callrecords.model;

/** The entity types, read from the description when the first of them is asked for. */
public final class CallRecordTypes {
    private CallRecordTypes() {}

    /** {@code microsoft.graph.callRecords.callRecord}. */
    public static EntityType callRecord() {
        return Described.CALL_RECORD;
    }

    /** {@code microsoft.graph.callRecords.session}. */
    public static EntityType session() {
        return Described.SESSION;
    }

    /** {@code microsoft.graph.callRecords.segment}. */
    public static EntityType segment() {
        return Described.SEGMENT;
    }

    /** {@code microsoft.graph.callRecords.participant}. */
    public static EntityType participant() {
        return Described.PARTICIPANT;
    }

    /** {@code microsoft.graph.callRecords.organizer}. */
    public static EntityType organizer() {
        return Described.ORGANIZER;
    }

    private static final class Described {
        private static final Description DESCRIPTION = Description.read();
        private static final EntityType CALL_RECORD = type("callRecord");
        private static final EntityType SESSION = type("session");
        private static final EntityType SEGMENT = type("segment");
        private static final EntityType PARTICIPANT = type("participant");
        private static final EntityType ORGANIZER = type("organizer");

        private static EntityType type(String name) {
            return new EntityType(DESCRIPTION.objectType("microsoft.graph.callRecords." + name));
        }
    }
}
