package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;

/**
 * The rows of a kind within a time range.
 *
 * @param from the first instant
 * @param to the last instant, which is part of the range if {@link LogRowKind#isEndInclusive} is true
 */
public record LogRowRange(String tenant, LogRowKind kind, GraphInstant from, GraphInstant to) {}
