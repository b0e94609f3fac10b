/** Benches: they print tables and never decide whether a build is good. */
@NullMarked
package io.switchboard.bench;

import org.jspecify.annotations.NullMarked;
