package io.switchboard.sessions;

import io.switchboard.http.Request;
import org.jspecify.annotations.Nullable;

/**
 * How a request wants its session or its tab made.
 *
 * @param idempotencyKey null for none
 * @param requestHash the same request has the same hash; null without an idempotency key
 * @param isFresh whether templates are read without the cache
 * @param isStrict whether warnings are errors
 */
record CreateOptions(
        @Nullable String idempotencyKey, @Nullable String requestHash, boolean isFresh, boolean isStrict) {
    /** The options that a request's headers have. */
    static CreateOptions of(Request request) {
        @Nullable String key = request.idempotencyKey().orElse(null);
        return new CreateOptions(
                key, key == null ? null : request.bodyHash(), request.wantsFresh(), request.isStrict());
    }

    /** The options of a dry run, for which an idempotency key has no meaning. */
    static CreateOptions ofDryRun(Request request) {
        return new CreateOptions(null, null, request.wantsFresh(), request.isStrict());
    }
}
