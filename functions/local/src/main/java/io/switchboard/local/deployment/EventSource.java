package io.switchboard.local.deployment;

import java.util.Set;

/**
 * What Lambda reads from a table's stream for a function.
 *
 * @param function by logical id
 * @param table by logical id
 * @param batchSize the most records of one invocation
 * @param maximumRetryAttempts how often a batch that fails is tried again before it is given up
 * @param bisects whether a batch is halved when the function fails as a whole
 * @param kinds what is read: {@code INSERT}, {@code MODIFY}, {@code REMOVE}
 */
public record EventSource(
        String function, String table, int batchSize, int maximumRetryAttempts, boolean bisects, Set<String> kinds) {
    static final Set<String> ALL_KINDS = Set.of("INSERT", "MODIFY", "REMOVE");

    public EventSource {
        kinds = Set.copyOf(kinds);
    }
}
