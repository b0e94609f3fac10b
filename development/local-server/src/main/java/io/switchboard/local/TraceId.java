package io.switchboard.local;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/** The ids that AWS X-Ray gives to what belongs to one request. */
final class TraceId {
    private TraceId() {}

    /** A new one, as the header {@code X-Amzn-Trace-Id} spells it. */
    static String next(Instant now, SecureRandom random) {
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        return "Root=1-%08x-%s".formatted(now.getEpochSecond(), HexFormat.of().formatHex(bytes));
    }
}
