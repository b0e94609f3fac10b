package io.switchboard.session.store;

import io.switchboard.session.Session;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A session to store.
 *
 * @param isFocused whether it gets the focus
 * @param requestHash the hash of the creating request, which distinguishes a replay from a reused key; null for a
 *     request without a key, which cannot be replayed
 * @param document the stored document, which is written once for its size and its item
 */
public record NewSession(
        Session session, boolean isFocused, @Nullable String requestHash, String document) {
    /** Creates a session with its document. */
    public NewSession(Session session, boolean isFocused, @Nullable String requestHash) {
        this(session, isFocused, requestHash, StoredSessionDocument.write(session));
    }

    /** Returns the size of the document, in bytes, for {@link SessionLimits#SESSION_BYTES}. */
    public int size() {
        return document.getBytes(StandardCharsets.UTF_8).length;
    }
}
