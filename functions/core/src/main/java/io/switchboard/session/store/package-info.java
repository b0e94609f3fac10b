/** Where sessions and desks are stored. */
@NullMarked
package io.switchboard.session.store;

import org.jspecify.annotations.NullMarked;
