/** Pages, keys and preconditions that all stores share. */
@NullMarked
package io.switchboard.storage;

import org.jspecify.annotations.NullMarked;
