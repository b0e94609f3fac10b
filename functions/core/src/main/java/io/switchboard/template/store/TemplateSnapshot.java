package io.switchboard.template.store;

import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import org.jspecify.annotations.Nullable;

/**
 * The stored data for a new session, read in one round trip.
 *
 * @param assignment the user's assigned app profile; null for none
 * @param sessionTemplate the stored session template; null for none
 */
public record TemplateSnapshot(
        @Nullable ProfileAssignment assignment, @Nullable Stored<Template> sessionTemplate) {}
