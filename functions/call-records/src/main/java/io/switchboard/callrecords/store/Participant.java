package io.switchboard.callrecords.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of {@code participants_v2}.
 *
 * @param id distinct within its call record; {@link CallRecordKey#fits}
 * @param content of type participant
 * @param revision counts changes; its entity tag; 1 for a new one
 */
public record Participant(String id, Map<String, @Nullable Object> content, long revision) {}
