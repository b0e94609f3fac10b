package io.switchboard.template.store;

import java.time.Instant;

/**
 * That a user has an app profile of its own; a user has at most one.
 *
 * @param userId the user, as tokens name it
 * @param appProfile the profile's unique name
 * @param assignedBy who assigned it
 */
public record ProfileAssignment(String userId, String appProfile, Instant assignedDateTime, String assignedBy) {}
