package io.switchboard.identity;

/** A permission as tokens carry it ({@code API.md} §1). */
public enum Permission {
    /** Reading the caller's own sessions and desk. */
    SESSIONS_READ("Sessions.Read"),
    /** All on the caller's own sessions and desk (APM semantics). */
    SESSIONS_READ_WRITE("Sessions.ReadWrite"),
    /** What this provider made, plus home (CIF semantics). */
    SESSIONS_READ_WRITE_PROVIDER("Sessions.ReadWrite.Provider"),
    /** A backend acts for any user of its tenant. */
    SESSIONS_READ_WRITE_ALL("Sessions.ReadWrite.All"),
    /** Reading templates and profiles. */
    TEMPLATES_READ("Templates.Read"),
    /** All on templates and profiles. */
    TEMPLATES_READ_WRITE("Templates.ReadWrite"),
    /** Reading call records and subscriptions. */
    CALL_RECORDS_READ_ALL("CallRecords.Read.All"),
    /** All on call records and subscriptions. */
    CALL_RECORDS_READ_WRITE_ALL("CallRecords.ReadWrite.All");

    private final String claim;

    Permission(String claim) {
        this.claim = claim;
    }

    /** The text in {@code scp}, {@code scope} or {@code roles}. */
    public String claim() {
        return claim;
    }
}
