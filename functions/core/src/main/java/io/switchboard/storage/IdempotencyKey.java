package io.switchboard.storage;

/**
 * The {@code Idempotency-Key} of a creating request, and the hash of that request.
 *
 * @param key never empty; it may name the caller and the route too, where the key applies to them only
 * @param requestHash the same request has the same hash
 */
public record IdempotencyKey(String key, String requestHash) {}
