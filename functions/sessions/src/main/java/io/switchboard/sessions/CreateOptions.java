package io.switchboard.sessions;

import io.switchboard.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * The options of a request that creates a session or a tab.
 *
 * @param idempotencyKey null if absent
 * @param requestHash equal for equal requests; null without an idempotency key
 * @param isFresh whether templates are read from the table instead of the cache
 * @param isStrict whether warnings are errors
 */
record CreateOptions(
        @Nullable String idempotencyKey, @Nullable String requestHash, boolean isFresh, boolean isStrict) {
    /** No options. */
    static final CreateOptions NONE = new CreateOptions(null, null, false, false);

    /** Reads the options from the request's headers. */
    static CreateOptions of(Request request) {
        @Nullable String key = request.idempotencyKey().orElse(null);
        return new CreateOptions(
                key, key == null ? null : request.bodyHash(), request.bypassesCache(), request.isStrict());
    }

    /** Reads the options of a dry run, which ignores the idempotency key. */
    static CreateOptions ofDryRun(Request request) {
        return new CreateOptions(null, null, request.bypassesCache(), request.isStrict());
    }
}
