package io.switchboard.session.store;

/** Stores sessions and desks. Operations receive only the part of the interface that they use. */
public interface SessionStore extends SessionCreateStore, SessionReadStore, DeskReadStore, SessionChangeStore {}
