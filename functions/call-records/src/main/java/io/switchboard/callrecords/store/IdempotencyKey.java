package io.switchboard.callrecords.store;

/**
 * What makes a repeated POST the same one.
 *
 * @param key the header {@code Idempotency-Key}, with the route it counts for
 * @param requestHash who sends it, and the bytes of its body, as a digest
 */
public record IdempotencyKey(String key, String requestHash) {}
