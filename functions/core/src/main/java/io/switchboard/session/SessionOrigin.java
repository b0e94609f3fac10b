package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * The template and creator of a session. It never changes.
 *
 * @param templateName the unique name of the session template
 * @param templateVersion the version of the template at that time; 0 for a built-in template
 * @param type {@code generic} or {@code entity}
 * @param rendering the source of the session's title
 * @param provider the application that created it
 * @param correlationId the caller's id of the creating request; null for none
 */
public record SessionOrigin(
        String templateName,
        long templateVersion,
        String type,
        Rendering rendering,
        String provider,
        @Nullable String correlationId) {}
