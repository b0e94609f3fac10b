package io.switchboard.template.store;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the profile and template of a new session. Thread-safe. */
public interface SessionTemplateReader extends TemplateReader {
    /**
     * Reads a user's assigned app profile and a session template in one round trip.
     *
     * @param sessionTemplate the unique name; null if the template is already known
     */
    TemplateSnapshot readForSession(String tenant, String userId, @Nullable String sessionTemplate);

    /** Reads the app profiles that are assigned to users, in one round trip per hundred users. */
    Map<String, ProfileAssignment> assignments(String tenant, Collection<String> userIds);
}
