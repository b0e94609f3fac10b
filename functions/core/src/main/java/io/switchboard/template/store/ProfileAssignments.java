package io.switchboard.template.store;

import io.switchboard.runtime.Unavailable;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;

/**
 * Stores the users to whom app profiles are assigned directly. Every method throws {@link Unavailable} if a later retry
 * may succeed; it has then written all or nothing. Thread-safe.
 */
public interface ProfileAssignments {
    /** Assigns an app profile to a user, replacing an earlier assignment. */
    AssignOutcome assign(String tenant, String appProfile, String userId, String by, Instant now);

    /**
     * Removes the assignment of an app profile to a user.
     *
     * @return false if the profile is not assigned to the user
     */
    boolean unassign(String tenant, String appProfile, String userId);

    /**
     * Lists the users of an app profile in the order of their encoded ids. The page begins after its position, which is
     * such an id.
     */
    Page<ProfileAssignment> assignments(String tenant, String appProfile, PageRequest page);
}
