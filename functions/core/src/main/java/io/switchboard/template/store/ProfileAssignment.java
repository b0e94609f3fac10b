package io.switchboard.template.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * That a user has an app profile of its own; a user has at most one.
 *
 * @param userId the user, as tokens name it
 * @param appProfile the profile's unique name
 * @param assignedBy who assigned it
 */
public record ProfileAssignment(String userId, String appProfile, Instant assignedDateTime, String assignedBy) {
    /** The JSON of a user of a profile. */
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("userId", userId);
        json.put("appProfile", appProfile);
        json.put("assignedDateTime", assignedDateTime.toString());
        json.put("assignedBy", assignedBy);
        return json;
    }
}
