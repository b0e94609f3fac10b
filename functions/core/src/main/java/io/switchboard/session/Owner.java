package io.switchboard.session;

/**
 * Whose desk and sessions.
 *
 * @param tenant the tenant
 * @param user the user within it
 */
public record Owner(String tenant, String user) {}
