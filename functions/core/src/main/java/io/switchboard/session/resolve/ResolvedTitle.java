package io.switchboard.session.resolve;

import io.switchboard.session.Anchor;
import io.switchboard.slug.Warning;
import java.util.List;

/**
 * A session's title, rendered again.
 *
 * @param appliesToAnchorTab whether the anchor tab gets the same title
 * @param anchor the session's anchor with its current attributes, to be stored in the session
 * @param warnings the changes and omissions
 */
public record ResolvedTitle(String title, boolean appliesToAnchorTab, Anchor anchor, List<Warning> warnings) {}
