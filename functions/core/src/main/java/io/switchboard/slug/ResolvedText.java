package io.switchboard.slug;

import java.util.List;

/**
 * A caller's text with the values of a session inserted.
 *
 * @param warnings the slugs without a value
 */
public record ResolvedText(String value, List<Warning> warnings) {}
