package io.switchboard.identity;

/** A permission as tokens carry it ({@code docs/reference/permissions.md}). */
public enum Permission {
    /** Read access to the caller's own sessions and desk. */
    SESSIONS_READ("Sessions.Read"),
    /** Full access to the caller's own sessions and desk (APM semantics). */
    SESSIONS_READ_WRITE("Sessions.ReadWrite"),
    /** Access to the sessions that this provider created and to the home session (CIF semantics). */
    SESSIONS_READ_WRITE_PROVIDER("Sessions.ReadWrite.Provider"),
    /** Access of a backend to the sessions of any user of its tenant. */
    SESSIONS_READ_WRITE_ALL("Sessions.ReadWrite.All"),
    /** Read access to templates and profiles. */
    TEMPLATES_READ("Templates.Read"),
    /** Full access to templates and profiles. */
    TEMPLATES_READ_WRITE("Templates.ReadWrite"),
    /** Read access to call records and subscriptions. */
    CALL_RECORDS_READ_ALL("CallRecords.Read.All"),
    /** Read access to the rows of logs about calls through the telephone network. */
    CALL_RECORD_PSTN_CALLS_READ_ALL("CallRecord-PstnCalls.Read.All"),
    /** Full access to call records and subscriptions. */
    CALL_RECORDS_READ_WRITE_ALL("CallRecords.ReadWrite.All");

    private final String claim;

    Permission(String claim) {
        this.claim = claim;
    }

    /** Returns the value in {@code scp}, {@code scope} or {@code roles}. */
    public String claim() {
        return claim;
    }
}
