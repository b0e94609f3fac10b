package io.switchboard.offer;

import java.util.List;

/**
 * The users to whom a conversation is offered after no user before them accepted it.
 *
 * @param expiresInSeconds the time for the answer, from the end of the attempt before
 */
public record OfferStep(List<String> userIds, int expiresInSeconds) {
    public OfferStep {
        userIds = List.copyOf(userIds);
    }
}
