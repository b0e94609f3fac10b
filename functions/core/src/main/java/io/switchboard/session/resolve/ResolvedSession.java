package io.switchboard.session.resolve;

import io.switchboard.session.Anchor;
import io.switchboard.session.Tab;
import io.switchboard.slug.Warning;
import java.util.List;
import java.util.Map;

/**
 * A session template with a caller's values put in.
 *
 * @param tabs the anchor tab first
 * @param warnings what was fixed or left out
 */
public record ResolvedSession(
        String title, Map<String, Object> context, Anchor anchor, List<Tab> tabs, List<Warning> warnings) {}
