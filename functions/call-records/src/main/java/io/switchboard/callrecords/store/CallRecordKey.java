package io.switchboard.callrecords.store;

import io.switchboard.storage.Keys;

/**
 * The key of a call record.
 *
 * @param tenant the tenant that owns it
 * @param id the call id
 */
public record CallRecordKey(String tenant, String id) {
    /**
     * The longest id or natural key of a session, percent-encoded, in bytes. A position with it must fit into a page
     * token of 1 KB.
     */
    public static final int LONGEST_ID = 700;

    /** The length of the digest in a key: enough for the few entities of one record that share the rest of it. */
    public static final int DIGEST = 6;

    /** The longest key of a session or participant with a digest, in bytes. */
    public static final int LONGEST_KEY = LONGEST_ID + 1 + DIGEST;

    /** Returns true if a call record or a participant with this id can be stored. */
    public static boolean fits(String id) {
        return Keys.fits(id) && Keys.join(id).length() <= LONGEST_ID;
    }
}
