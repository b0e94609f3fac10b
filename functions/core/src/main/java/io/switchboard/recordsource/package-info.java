/** The records that slugs read, wherever they come from. */
@NullMarked
package io.switchboard.recordsource;

import org.jspecify.annotations.NullMarked;
