package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.storage.IdempotencyKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A posted session.
 *
 * @param end the instant of its end, which may be before its start
 * @param content the content, of type session, {@code segments} inline (absent if there are none)
 * @param idempotencyKey the key; null if none was sent, and for sessions inside a posted call record
 */
public record NewCallSession(
        SessionKey key,
        GraphInstant end,
        Map<String, @Nullable Object> content,
        @Nullable IdempotencyKey idempotencyKey) {}
