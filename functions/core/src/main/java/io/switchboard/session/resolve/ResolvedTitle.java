package io.switchboard.session.resolve;

import io.switchboard.session.Anchor;
import io.switchboard.slug.Warning;
import java.util.List;

/**
 * A session's title, rendered again.
 *
 * @param appliesToAnchorTab whether the anchor tab takes it too
 * @param anchor the session's anchor as its record is now, to be kept in the session
 * @param warnings what was fixed or left out
 */
public record ResolvedTitle(String title, boolean appliesToAnchorTab, Anchor anchor, List<Warning> warnings) {}
