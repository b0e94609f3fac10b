package io.switchboard.template.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;

/**
 * The users that app profiles are assigned to directly. Every method throws {@link Unavailable} if a later retry may succeed,
 * and then has written all or nothing. Thread-safe.
 */
public interface ProfileAssignments {
    /** Gives a user an app profile of its own, instead of the one that it has. */
    AssignOutcome assign(String tenant, String appProfile, String userId, String by, Instant now);

    /**
     * Takes its own app profile from a user.
     *
     * @return false if the user does not have that one
     */
    boolean unassign(String tenant, String appProfile, String userId);

    /** The users of an app profile by their encoded ids, beginning behind the page's position, which is such an id. */
    Page<ProfileAssignment> assignments(String tenant, String appProfile, PageRequest page);
}
