package io.switchboard.local;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/** Generates AWS X-Ray trace ids. */
final class TraceId {
    private TraceId() {}

    /** Returns a new trace id in the format of the header {@code X-Amzn-Trace-Id}. */
    static String next(Instant now, SecureRandom random) {
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        return "Root=1-%08x-%s".formatted(now.getEpochSecond(), HexFormat.of().formatHex(bytes));
    }
}
