/** The call record functions, with Graph's routes, options and batches. */
@NullMarked
package io.switchboard.callrecords;

import org.jspecify.annotations.NullMarked;
