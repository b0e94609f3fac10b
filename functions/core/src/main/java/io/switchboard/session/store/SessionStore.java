package io.switchboard.session.store;

/** The whole store of sessions and desks. An operation receives only the part that it uses. */
public interface SessionStore extends SessionCreateStore, SessionReadStore, DeskReadStore, SessionChangeStore {}
