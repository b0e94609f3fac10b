package io.switchboard.sessions.recordsource;

/**
 * An access token for one tenant's record source.
 *
 * @param until the expiry, in nanoseconds of the ticker of {@link ODataRecordSources}
 */
record AccessToken(String text, long until) {
    /** Returns a text without the token. */
    @Override
    public String toString() {
        return "AccessToken";
    }
}
