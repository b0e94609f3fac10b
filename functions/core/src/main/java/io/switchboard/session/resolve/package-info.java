/** What a session becomes of its templates: tabs, titles, anchors and their warnings. */
@NullMarked
package io.switchboard.session.resolve;

import org.jspecify.annotations.NullMarked;
