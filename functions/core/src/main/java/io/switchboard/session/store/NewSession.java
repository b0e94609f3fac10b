package io.switchboard.session.store;

import io.switchboard.session.Session;

/**
 * A session to be stored.
 *
 * @param isFocused whether the desk turns to it
 * @param requestHash the request that makes it: the same one again is a replay, another one a reused key
 */
public record NewSession(Session session, boolean isFocused, String requestHash) {}
