/** Fixtures that use the public API only: tables, and fake AWS services on a socket. */
@NullMarked
package io.switchboard.testing;

import org.jspecify.annotations.NullMarked;
