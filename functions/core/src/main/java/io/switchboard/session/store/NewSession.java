package io.switchboard.session.store;

import io.switchboard.session.Session;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A session to be stored.
 *
 * @param isFocused whether the desk turns to it
 * @param requestHash the request that makes it: the same one again is a replay, another one a reused key; null for a request
 *     without a key, which nobody can repeat
 * @param document the session as it is stored, so that it is written once, for its size and for its item
 */
public record NewSession(
        Session session, boolean isFocused, @Nullable String requestHash, String document) {
    /** A session with its document. */
    public NewSession(Session session, boolean isFocused, @Nullable String requestHash) {
        this(session, isFocused, requestHash, StoredSessionDocument.write(session));
    }

    /** The size of the document, in bytes, for {@link SessionLimits#SESSION_BYTES}. */
    public int size() {
        return document.getBytes(StandardCharsets.UTF_8).length;
    }
}
