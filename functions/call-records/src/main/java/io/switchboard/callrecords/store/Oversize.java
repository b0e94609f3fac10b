package io.switchboard.callrecords.store;

/**
 * The size of content that is too large to be stored.
 *
 * @param measure the size that exceeds its limit
 * @param bytes the size
 * @param maximum the limit
 */
public record Oversize(Measure measure, int bytes, int maximum) {
    /** The sizes that have limits. */
    public enum Measure {
        /** The size after compression: an item has 400 KB. */
        COMPRESSED,
        /** The size in a response body, in which quotes and backslashes count twice. */
        RESPONSE
    }

    static Oversize compressed(int bytes, int maximum) {
        return new Oversize(Measure.COMPRESSED, bytes, maximum);
    }
}
