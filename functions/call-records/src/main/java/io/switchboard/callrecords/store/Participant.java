package io.switchboard.callrecords.store;

import io.switchboard.storage.Keys;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An element of {@code participants_v2}.
 *
 * @param id the id, which may repeat within a call record; see {@link CallRecordKey#fits}
 * @param digest distinguishes participants with the same id: a digest of the identity; empty if the identity has the
 *     same id or none, and in generations of earlier releases
 * @param content the content, of type participant
 * @param revision the number of changes, 1 for a new participant; used as the entity tag
 */
public record Participant(String id, String digest, Map<String, @Nullable Object> content, long revision) {
    /** Creates a participant without a digest. */
    public Participant(String id, Map<String, @Nullable Object> content, long revision) {
        this(id, "", content, revision);
    }

    /** Returns the same participant with another digest. */
    public Participant withDigest(String other) {
        return new Participant(id, other, content, revision);
    }

    /** Returns the key within its call record, as one text. */
    public String key() {
        return digest.isEmpty() ? Keys.join(id) : Keys.join(id, digest);
    }
}
