package io.switchboard.session;

/**
 * The owner of a desk and its sessions.
 *
 * @param tenant the tenant
 * @param user the user of the tenant
 */
public record Owner(String tenant, String user) {}
