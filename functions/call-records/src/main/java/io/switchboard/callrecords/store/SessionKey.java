package io.switchboard.callrecords.store;

import io.switchboard.storage.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The natural key of a session within its call record, where ids may repeat
 * ({@code docs/decisions/0019-call-records-over-http.md}, "Repeated ids"). Sorted by id, then start, then callee.
 *
 * @param id the session's id, as it was sent
 * @param start the instant of its start, {@link io.switchboard.callrecords.model.GraphInstant#key}
 * @param callee the identity id of the callee, otherwise the role of its user agent, otherwise {@code -}
 * @param digest distinguishes sessions with the same id, start and callee: a digest of the caller; empty if there is
 *     none, and in generations of earlier releases
 */
public record SessionKey(String id, String start, String callee, String digest) {
    private static final int PARTS = 3;

    /** Creates a key without a digest. */
    public SessionKey(String id, String start, String callee) {
        this(id, start, callee, "");
    }

    /** Returns true if a session with this key can be stored. */
    public boolean fits() {
        return Keys.fits(id)
                && Keys.fits(callee)
                && (digest.isEmpty() || Keys.fits(digest))
                && digest.length() <= CallRecordKey.DIGEST
                && withoutDigest().text().length() <= CallRecordKey.LONGEST_ID;
    }

    /** Returns the key that earlier releases use. */
    SessionKey withoutDigest() {
        return digest.isEmpty() ? this : new SessionKey(id, start, callee);
    }

    /** Returns the key with another digest. */
    public SessionKey withDigest(String other) {
        return new SessionKey(id, start, callee, other);
    }

    /** Returns the key as one text. It contains neither {@code /} nor {@code ~}, and sorts in the order of keys. */
    public String text() {
        return digest.isEmpty() ? Keys.join(id, start, callee) : Keys.join(id, start, callee, digest);
    }

    /** Parses the result of {@link #text}. */
    public static SessionKey ofText(String text) {
        return ofParts(Keys.split(text));
    }

    private static SessionKey ofParts(List<String> parts) {
        return new SessionKey(parts.get(0), parts.get(1), parts.get(2), parts.size() > PARTS ? parts.get(PARTS) : "");
    }

    /**
     * Returns the key as a path segment: {@code ~} and base64url. It names the session with this key. If none has it
     * and it has no digest, it names those with this id, start and callee: an earlier release has issued it.
     */
    public String pathSegment() {
        return "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(text().getBytes(StandardCharsets.UTF_8));
    }

    /** Parses a path segment; empty if it is not a key. */
    public static Optional<SessionKey> ofPathSegment(String segment) {
        if (!segment.startsWith("~")) {
            return Optional.empty();
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(segment.substring(1)), StandardCharsets.UTF_8);
            SessionKey key = ofText(text);
            return key.text().equals(text) ? Optional.of(key) : Optional.empty();
        } catch (RuntimeException e) {
            // Not a key that this API has issued.
            return Optional.empty();
        }
    }
}
