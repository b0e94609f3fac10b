package io.switchboard.storage;

import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is wanted.
 *
 * @param after the position to begin behind; null for the first page
 * @param size how many items at most
 */
public record PageRequest(@Nullable String after, int size) {}
