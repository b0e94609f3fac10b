/** Fixtures for tests of functions: API Gateway events, their responses, and tables. */
@NullMarked
package io.switchboard.replay;

import org.jspecify.annotations.NullMarked;
