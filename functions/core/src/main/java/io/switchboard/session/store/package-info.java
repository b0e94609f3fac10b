/** Stores sessions and desks. */
@NullMarked
package io.switchboard.session.store;

import org.jspecify.annotations.NullMarked;
