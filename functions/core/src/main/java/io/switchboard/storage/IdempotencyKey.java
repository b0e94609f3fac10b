package io.switchboard.storage;

/**
 * The {@code Idempotency-Key} and the hash of a create request.
 *
 * @param key never empty; it may include the caller and the route, if the key applies to them only
 * @param requestHash the hash, which is the same for the same request
 */
public record IdempotencyKey(String key, String requestHash) {}
