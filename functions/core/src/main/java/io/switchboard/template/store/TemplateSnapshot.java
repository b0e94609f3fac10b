package io.switchboard.template.store;

import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import org.jspecify.annotations.Nullable;

/**
 * What a new session needs of the store, read in one round trip.
 *
 * @param assignment the user's own app profile; null for none
 * @param sessionTemplate the stored session template; null for none
 */
public record TemplateSnapshot(
        @Nullable ProfileAssignment assignment, @Nullable Stored<Template> sessionTemplate) {}
