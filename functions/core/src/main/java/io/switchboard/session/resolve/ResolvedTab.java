package io.switchboard.session.resolve;

import io.switchboard.session.Anchor;
import io.switchboard.session.Tab;
import io.switchboard.slug.Warning;
import java.util.List;

/**
 * A further tab of an open session.
 *
 * @param anchor the session's anchor with the attributes that were read, to be stored in the session
 * @param warnings the changes and omissions
 */
public record ResolvedTab(Tab tab, Anchor anchor, List<Warning> warnings) {}
