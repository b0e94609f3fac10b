/** Resolves templates into sessions: tabs, titles, anchors and warnings. */
@NullMarked
package io.switchboard.session.resolve;

import org.jspecify.annotations.NullMarked;
