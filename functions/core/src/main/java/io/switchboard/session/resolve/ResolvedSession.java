package io.switchboard.session.resolve;

import io.switchboard.session.Anchor;
import io.switchboard.session.Tab;
import io.switchboard.slug.Warning;
import java.util.List;
import java.util.Map;

/**
 * A session template resolved with a caller's values.
 *
 * @param tabs the anchor tab first
 * @param warnings the changes and omissions
 */
public record ResolvedSession(
        String title, Map<String, Object> context, Anchor anchor, List<Tab> tabs, List<Warning> warnings) {}
