/** The stores of call records, their sessions and participants. */
@NullMarked
package io.switchboard.callrecords.store;

import org.jspecify.annotations.NullMarked;
