package io.switchboard.template.store;

import org.jspecify.annotations.Nullable;

/** Reads what a new session needs. Thread-safe. */
public interface SessionTemplateReader extends TemplateReader {
    /**
     * Reads a user's own app profile and a session template, in one round trip.
     *
     * @param sessionTemplate its unique name; null if it is known already
     */
    TemplateSnapshot readForSession(String tenant, String userId, @Nullable String sessionTemplate);
}
