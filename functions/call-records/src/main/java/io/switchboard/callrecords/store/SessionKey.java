package io.switchboard.callrecords.store;

import io.switchboard.storage.Keys;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The natural key of a session within its call record: an id may repeat there ({@code DESIGN.md} §4). Sorted by id, then
 * start, then callee.
 *
 * @param id the session's id as it was sent
 * @param start the instant of its start, {@link io.switchboard.callrecords.model.GraphInstant#key}
 * @param callee the identity id of the callee, else the role of its user agent, else {@code -}
 */
public record SessionKey(String id, String start, String callee) {
    private static final int PARTS = 3;

    /** Whether a session of this key can be stored. */
    public boolean fits() {
        return Keys.fits(id) && Keys.fits(callee) && text().length() <= CallRecordKey.LONGEST_ID;
    }

    /** The key as one text, which holds neither {@code /} nor {@code ~}; it sorts as keys do. */
    public String text() {
        return Keys.join(id, start, callee);
    }

    /** The key that {@link #text} gave. */
    public static SessionKey ofText(String text) {
        List<String> parts = Keys.split(text);
        return new SessionKey(parts.get(0), parts.get(1), parts.get(2));
    }

    /** The key as a path segment that names this session and no other: {@code ~} and base64url. */
    public String pathSegment() {
        return "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(text().getBytes(StandardCharsets.UTF_8));
    }

    /** The key that a path segment names; nothing where it is none. */
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
            // Whatever it is, it is no key of ours.
            return Optional.empty();
        }
    }
}
