package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of a log.
 *
 * @param id its id within its tenant and kind; {@link CallRecordKey#fits} is true
 * @param time the instant by which it is sorted
 * @param content the row as it was sent
 */
public record LogRow(String id, GraphInstant time, Map<String, @Nullable Object> content) {}
