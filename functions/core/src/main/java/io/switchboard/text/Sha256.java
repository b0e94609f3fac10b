package io.switchboard.text;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of several parts, with unambiguous boundaries. */
public final class Sha256 {
    private Sha256() {}

    /**
     * Returns the 32 bytes of the digest. It includes the length of each part, so {@code ("a", "bc")} differs from
     * {@code ("ab", "c")}.
     */
    public static byte[] of(String... parts) {
        MessageDigest digest = digest();
        for (String part : parts) {
            update(digest, part.getBytes(StandardCharsets.UTF_8));
        }
        return digest.digest();
    }

    /** Returns the digest of a sender and a body. */
    public static byte[] of(String sender, byte[] body) {
        MessageDigest digest = digest();
        update(digest, sender.getBytes(StandardCharsets.UTF_8));
        update(digest, body);
        return digest.digest();
    }

    private static void update(MessageDigest digest, byte[] part) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (part.length >>> shift));
        }
        digest.update(part);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
