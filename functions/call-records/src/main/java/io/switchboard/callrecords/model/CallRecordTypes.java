package io.switchboard.callrecords.model;

/** The entity types, and the types of rows of logs. They are read from the description at first use. */
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

    /** Returns {@code microsoft.graph.callRecords.pstnCallLogRow}. */
    public static EntityType pstnCallLogRow() {
        return Described.PSTN_CALL_LOG_ROW;
    }

    /** Returns {@code microsoft.graph.callRecords.directRoutingLogRow}. */
    public static EntityType directRoutingLogRow() {
        return Described.DIRECT_ROUTING_LOG_ROW;
    }

    /** Returns {@code microsoft.graph.callRecords.smsLogRow}. */
    public static EntityType smsLogRow() {
        return Described.SMS_LOG_ROW;
    }

    /** Returns {@code microsoft.graph.callRecords.pstnBlockedUsersLogRow}. */
    public static EntityType pstnBlockedUsersLogRow() {
        return Described.PSTN_BLOCKED_USERS_LOG_ROW;
    }

    /** Returns {@code microsoft.graph.callRecords.pstnOnlineMeetingDialoutReport}. */
    public static EntityType pstnOnlineMeetingDialoutReport() {
        return Described.PSTN_ONLINE_MEETING_DIALOUT_REPORT;
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
        private static final EntityType PSTN_CALL_LOG_ROW = type("pstnCallLogRow");
        private static final EntityType DIRECT_ROUTING_LOG_ROW = type("directRoutingLogRow");
        private static final EntityType SMS_LOG_ROW = type("smsLogRow");
        private static final EntityType PSTN_BLOCKED_USERS_LOG_ROW = type("pstnBlockedUsersLogRow");
        private static final EntityType PSTN_ONLINE_MEETING_DIALOUT_REPORT = type("pstnOnlineMeetingDialoutReport");

        private static EntityType type(String name) {
            return new EntityType(DESCRIPTION.objectType("microsoft.graph.callRecords." + name));
        }
    }
}
