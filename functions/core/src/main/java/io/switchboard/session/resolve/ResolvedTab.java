package io.switchboard.session.resolve;

import io.switchboard.session.Anchor;
import io.switchboard.session.Tab;
import io.switchboard.slug.Warning;
import java.util.List;

/**
 * A further tab of an open session.
 *
 * @param anchor the session's anchor with what was read of its record since, to be kept in the session
 * @param warnings what was fixed or left out
 */
public record ResolvedTab(Tab tab, Anchor anchor, List<Warning> warnings) {}
