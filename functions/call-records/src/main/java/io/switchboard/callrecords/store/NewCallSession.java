package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.storage.IdempotencyKey;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A session as it is posted.
 *
 * @param end the instant of its end, which need not lie behind its start
 * @param content of type session, {@code segments} inline (absent where there are none)
 * @param idempotencyKey null without one, and for sessions inside a posted call record
 */
public record NewCallSession(
        SessionKey key,
        GraphInstant end,
        Map<String, @Nullable Object> content,
        @Nullable IdempotencyKey idempotencyKey) {}
