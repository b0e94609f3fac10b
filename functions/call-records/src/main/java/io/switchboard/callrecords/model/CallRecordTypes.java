package io.switchboard.callrecords.model;

/** The entity types. They are read from the description at first use. */
public final class CallRecordTypes {
    /** Explains why Graph's SDKs send an incomplete body, as sentences for messages. */
    public static final String BACKING_STORES =
            "Graph's SDKs send only the properties set since an object was read or sent. Send a new object, or call"
                    + " setIsInitializationCompleted(false) on its backing store first. The calls of all SDKs:"
                    + " https://github.com/switchboard/switchboard/blob/main/docs/reference/call-records.md#backing-stores";

    private CallRecordTypes() {}

    /** Returns {@code microsoft.graph.callRecords.callRecord}. */
    public static EntityType callRecord() {
        return Described.CALL_RECORD;
    }

    /** Returns {@code microsoft.graph.callRecords.session}. */
    public static EntityType session() {
        return Described.SESSION;
    }

    /** Returns {@code microsoft.graph.callRecords.segment}. */
    public static EntityType segment() {
        return Described.SEGMENT;
    }

    /** Returns {@code microsoft.graph.callRecords.participant}. */
    public static EntityType participant() {
        return Described.PARTICIPANT;
    }

    /** Returns {@code microsoft.graph.callRecords.organizer}. */
    public static EntityType organizer() {
        return Described.ORGANIZER;
    }

    /** Returns {@code microsoft.graph.subscription}. */
    public static EntityType subscription() {
        return Service.SUBSCRIPTION;
    }

    private static final class Service {
        private static final EntityType SUBSCRIPTION =
                new EntityType(Description.readService().objectType("microsoft.graph.subscription"));
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
