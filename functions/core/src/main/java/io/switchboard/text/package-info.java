/** Ids, hashes and encodings of text, and the limits on callers' input. */
@NullMarked
package io.switchboard.text;

import org.jspecify.annotations.NullMarked;
