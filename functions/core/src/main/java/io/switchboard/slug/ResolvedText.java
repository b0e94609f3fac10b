package io.switchboard.slug;

import java.util.List;

/**
 * A caller's text with a session's values put in.
 *
 * @param warnings which slugs have no value
 */
public record ResolvedText(String value, List<Warning> warnings) {}
