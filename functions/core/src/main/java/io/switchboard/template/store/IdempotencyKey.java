package io.switchboard.template.store;

/**
 * The {@code Idempotency-Key} of a creating request, and the hash of that request.
 *
 * @param key 1 to 255 characters
 * @param requestHash the same request has the same hash
 */
public record IdempotencyKey(String key, String requestHash) {}
