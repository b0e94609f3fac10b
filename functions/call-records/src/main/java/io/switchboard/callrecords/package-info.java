/** The functions of call records: Graph's routes, options and batches. */
@NullMarked
package io.switchboard.callrecords;

import org.jspecify.annotations.NullMarked;
