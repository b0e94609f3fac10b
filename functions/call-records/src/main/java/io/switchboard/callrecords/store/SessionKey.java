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
 */
public record SessionKey(String id, String start, String callee) {
    private static final int PARTS = 3;

    /** Returns true if a session with this key can be stored. */
    public boolean fits() {
        return Keys.fits(id) && Keys.fits(callee) && text().length() <= CallRecordKey.LONGEST_ID;
    }

    /** Returns the key as one text. It contains neither {@code /} nor {@code ~}, and sorts in the order of keys. */
    public String text() {
        return Keys.join(id, start, callee);
    }

    /** Parses the result of {@link #text}. */
    public static SessionKey ofText(String text) {
        List<String> parts = Keys.split(text);
        return new SessionKey(parts.get(0), parts.get(1), parts.get(2));
    }

    /** Returns the key as a path segment that names only this session: {@code ~} and base64url. */
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
            List<String> parts = Keys.split(text);
            SessionKey key = new SessionKey(parts.getFirst(), parts.get(1), parts.getLast());
            return parts.size() == PARTS && key.text().equals(text) ? Optional.of(key) : Optional.empty();
        } catch (RuntimeException e) {
            // Not a key that this API has issued.
            return Optional.empty();
        }
    }
}
