/** The record sources that slugs read. */
@NullMarked
package io.switchboard.recordsource;

import org.jspecify.annotations.NullMarked;
