/** Tests of the functions that create and manage sessions and desks. */
@NullMarked
package io.switchboard.sessions;

import org.jspecify.annotations.NullMarked;
