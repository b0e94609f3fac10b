package io.switchboard.sessions.recordsource;

/** A failed or invalid response of the record source or its token endpoint. */
final class RecordSourceFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    private RecordSourceFault(String kind, int status) {
        super(kind, null, false, false);
        this.status = status;
    }

    /** @param kind for the log; must not contain a name, address, query or value */
    RecordSourceFault(String kind) {
        this(kind, 0);
    }

    /** Creates a fault for an unexpected HTTP status. */
    static RecordSourceFault ofStatus(String server, int status) {
        return new RecordSourceFault(server + ' ' + status, status);
    }

    /** Returns the kind for the log. */
    String kind() {
        return String.valueOf(getMessage());
    }

    boolean isUnauthorized() {
        return status == 401;
    }

    boolean isNotFound() {
        return status == 404;
    }
}
