package io.switchboard.session;

import org.jspecify.annotations.Nullable;

/**
 * The state that a page has stored for its tab.
 *
 * @param text any JSON value but null, as text; null if no state is stored
 * @param version the number of writes, which a deletion does not reset; 0 if there was none
 */
public record TabState(@Nullable String text, long version) {
    /** The state of a tab that never had one. */
    public static final TabState NONE = new TabState(null, 0);

    /** The largest state, in bytes of UTF-8 JSON. */
    public static final int LARGEST = 16_384;
}
