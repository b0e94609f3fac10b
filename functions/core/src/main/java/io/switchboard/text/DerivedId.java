package io.switchboard.text;

import java.nio.ByteBuffer;
import java.util.UUID;

/** Ids that the same request gives again, so that the conditional write that makes ids unique makes repetitions safe. */
public final class DerivedId {
    private DerivedId() {}

    /**
     * The same parts are the same id, in the form of a GUID.
     *
     * @param parts whose request it is, where it goes, and its key or content
     */
    public static String of(String... parts) {
        ByteBuffer digest = ByteBuffer.wrap(Sha256.of(parts));
        long high = digest.getLong();
        long low = digest.getLong();
        // Version 8, variant 1: a UUID made by a rule of one's own (RFC 9562 §5.8).
        return new UUID((high & ~0xF000L) | 0x8000L, (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L)
                .toString();
    }
}
