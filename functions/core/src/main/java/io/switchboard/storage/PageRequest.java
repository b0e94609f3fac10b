package io.switchboard.storage;

import org.jspecify.annotations.Nullable;

/**
 * A request for one page of a list.
 *
 * @param after the position after which the page begins; null for the first page
 * @param size the maximum number of items
 */
public record PageRequest(@Nullable String after, int size) {}
