package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.EntityType;
import org.jspecify.annotations.Nullable;

/** A kind of rows of logs: Graph's function that reads them, and the collection to which they are posted here. */
public enum LogRowKind {
    /** Calls through the telephone network, by start. */
    PSTN_CALLS("pstnCalls", "getPstnCalls", "startDateTime", null, true),
    /** Calls through the tenant's own trunks, by start; calls that never started, by invitation. */
    DIRECT_ROUTING_CALLS("directRoutingCalls", "getDirectRoutingCalls", "startDateTime", "inviteDateTime", false),
    /** Text messages, by the time when they were sent. */
    SMS_LOG("smsLog", "getSmsLog", "sentDateTime", null, true),
    /** Users who were blocked or unblocked, by the time of that. */
    PSTN_BLOCKED_USERS_LOG("pstnBlockedUsersLog", "getPstnBlockedUsersLog", "blockDateTime", null, true),
    /** Sums of the dial-out calls of users, by the time when they were stored: they have no time property. */
    PSTN_ONLINE_MEETING_DIALOUT_REPORT(
            "pstnOnlineMeetingDialoutReport", "getPstnOnlineMeetingDialoutReport", null, null, true);

    private final String collection;
    private final String function;
    private final @Nullable String time;
    private final @Nullable String otherTime;
    private final boolean isEndInclusive;

    LogRowKind(
            String collection,
            String function,
            @Nullable String time,
            @Nullable String otherTime,
            boolean isEndInclusive) {
        this.collection = collection;
        this.function = function;
        this.time = time;
        this.otherTime = otherTime;
        this.isEndInclusive = isEndInclusive;
    }

    /** Returns the name of the collection in paths and keys. */
    public String collection() {
        return collection;
    }

    /** Returns the name of the function, without its namespace. */
    public String function() {
        return function;
    }

    /** Returns the property by which rows are sorted; null if the rows have no time. */
    public @Nullable String time() {
        return time;
    }

    /** Returns the property that replaces {@link #time} in a row without it; null if there is none. */
    public @Nullable String otherTime() {
        return otherTime;
    }

    /** Returns whether the function returns the rows of the instant at which its range ends. */
    public boolean isEndInclusive() {
        return isEndInclusive;
    }

    /** Returns the type of the rows. */
    public EntityType type() {
        return switch (this) {
            case PSTN_CALLS -> CallRecordTypes.pstnCallLogRow();
            case DIRECT_ROUTING_CALLS -> CallRecordTypes.directRoutingLogRow();
            case SMS_LOG -> CallRecordTypes.smsLogRow();
            case PSTN_BLOCKED_USERS_LOG -> CallRecordTypes.pstnBlockedUsersLogRow();
            case PSTN_ONLINE_MEETING_DIALOUT_REPORT -> CallRecordTypes.pstnOnlineMeetingDialoutReport();
        };
    }
}
