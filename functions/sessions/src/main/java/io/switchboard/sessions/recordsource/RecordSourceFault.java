package io.switchboard.sessions.recordsource;

/** The record source did not answer as it should. */
final class RecordSourceFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    private RecordSourceFault(String kind, int status) {
        super(kind, null, false, false);
        this.status = status;
    }

    /** @param kind for the log: no name, address, query or value */
    RecordSourceFault(String kind) {
        this(kind, 0);
    }

    /** It answered with a status that says it did not do what was asked. */
    static RecordSourceFault ofStatus(String who, int status) {
        return new RecordSourceFault(who + ' ' + status, status);
    }

    /** For the log. */
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
