/** Ids, hashes and encodings of text, and the limits on what callers send. */
@NullMarked
package io.switchboard.text;

import org.jspecify.annotations.NullMarked;
