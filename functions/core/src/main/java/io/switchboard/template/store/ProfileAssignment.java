package io.switchboard.template.store;

import java.time.Instant;

/**
 * The assignment of an app profile to a user. A user has at most one.
 *
 * @param userId the id of the user, as in tokens
 * @param appProfile the unique name of the profile
 * @param assignedBy the author of the assignment
 */
public record ProfileAssignment(String userId, String appProfile, Instant assignedDateTime, String assignedBy) {}
