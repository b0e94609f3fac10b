package io.switchboard.text;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Derives ids from requests. A retry gets the same id, so the conditional write that keeps ids unique makes retries
 * safe.
 */
public final class DerivedId {
    private DerivedId() {}

    /**
     * Returns the id of these parts, in the form of a GUID. The same parts have the same id.
     *
     * @param parts the caller, the target, and the key or content of the request
     */
    public static String of(String... parts) {
        ByteBuffer digest = ByteBuffer.wrap(Sha256.of(parts));
        long high = digest.getLong();
        long low = digest.getLong();
        // Version 8, variant 1: a UUID with a custom format (RFC 9562 §5.8).
        return new UUID((high & ~0xF000L) | 0x8000L, (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L)
                .toString();
    }
}
