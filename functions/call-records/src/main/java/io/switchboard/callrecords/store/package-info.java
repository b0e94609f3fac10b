/** Where call records, their sessions and participants are kept. */
@NullMarked
package io.switchboard.callrecords.store;

import org.jspecify.annotations.NullMarked;
