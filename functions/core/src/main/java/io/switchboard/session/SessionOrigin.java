package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * What a session was made from, and by whom. It never changes.
 *
 * @param templateName the unique name of the session template
 * @param templateVersion the template's version at that time; 0 for a template that is shipped
 * @param type {@code generic} or {@code entity}
 * @param rendering what the session's title is rendered from
 * @param provider the application that made it
 * @param correlationId the caller's own id of the request that made it; null for none
 */
public record SessionOrigin(
        String templateName,
        long templateVersion,
        String type,
        Rendering rendering,
        String provider,
        @Nullable String correlationId) {}
