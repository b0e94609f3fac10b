package io.switchboard.sessions;

import io.switchboard.http.Sha256;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Ids of what requests with an {@code Idempotency-Key} make. */
final class DerivedId {
    private DerivedId() {}

    /**
     * The same key of the same user on the same route is the same id: the conditional write makes it so.
     *
     * @param parts whose request it is, where it goes and its key
     */
    static String of(String... parts) {
        ByteBuffer digest = ByteBuffer.wrap(Sha256.of(parts));
        long high = digest.getLong();
        long low = digest.getLong();
        // Version 8, variant 1: a UUID made by a rule of one's own (RFC 9562 §5.8).
        return new UUID((high & ~0xF000L) | 0x8000L, (low & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L)
                .toString();
    }
}
