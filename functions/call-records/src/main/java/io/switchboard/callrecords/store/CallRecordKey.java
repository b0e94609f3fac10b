package io.switchboard.callrecords.store;

import io.switchboard.storage.Keys;

/**
 * Which call record.
 *
 * @param tenant whose it is
 * @param id the call id
 */
public record CallRecordKey(String tenant, String id) {
    /**
     * How long an id, or the natural key of a session, may be as part of a key, percent-encoded, in bytes: a page token of 1
     * KB must be able to name it with all that belongs to a position.
     */
    public static final int LONGEST_ID = 700;

    /** Whether a call record or a participant of this id can be stored. */
    public static boolean fits(String id) {
        return Keys.fits(id) && Keys.join(id).length() <= LONGEST_ID;
    }
}
