package io.switchboard.sessions.recordsource;

/**
 * A token for one tenant's record source.
 *
 * @param until as the ticker of {@link ODataRecordSources} counts
 */
record AccessToken(String text, long until) {
    /** Nothing that must not be logged. */
    @Override
    public String toString() {
        return "AccessToken";
    }
}
