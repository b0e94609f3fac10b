/** Session, tab, desk, and their store. */
@NullMarked
package io.switchboard.session;

import org.jspecify.annotations.NullMarked;
