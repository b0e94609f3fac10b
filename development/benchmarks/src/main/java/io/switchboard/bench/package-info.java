/** Benchmarks. They print tables and are not part of the checks of a build. */
@NullMarked
package io.switchboard.bench;

import org.jspecify.annotations.NullMarked;
