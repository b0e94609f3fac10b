package io.switchboard.offer;

import org.jspecify.annotations.Nullable;

/**
 * The existing session that an offer hands over.
 *
 * @param userId the user whose desk has the session
 * @param templateName the unique name of the session's template, for the app profile of the user who accepts
 * @param note the sender's text for that user; null for none
 */
public record OfferedHandOver(
        String sessionId,
        String userId,
        String templateName,
        @Nullable String note) {}
