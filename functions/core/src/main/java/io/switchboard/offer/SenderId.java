package io.switchboard.offer;

import org.jspecify.annotations.Nullable;

/**
 * The caller that made an offer.
 *
 * @param provider the calling application; empty if the token names none
 * @param user the user of the token; null for an app-only token
 */
public record SenderId(String provider, @Nullable String user) {}
