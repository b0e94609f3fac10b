package io.switchboard.presence;

/**
 * A user with the presence and the capacity of the desk, as routers read them.
 *
 * @param openSessions the number of open sessions on the desk
 * @param sessionLimit the most open sessions
 */
public record UserPresence(String userId, Presence presence, int openSessions, int sessionLimit) {}
