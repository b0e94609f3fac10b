package io.switchboard.callrecords.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An element of {@code participants_v2}.
 *
 * @param id the id, distinct within its call record; see {@link CallRecordKey#fits}
 * @param content the content, of type participant
 * @param revision the number of changes, 1 for a new participant; used as the entity tag
 */
public record Participant(String id, Map<String, @Nullable Object> content, long revision) {}
