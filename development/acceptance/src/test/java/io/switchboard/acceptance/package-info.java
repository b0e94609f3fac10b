/** Tests of the whole system, deployed by SAM to LocalStack and run by SAM in containers on this machine. */
@NullMarked
package io.switchboard.acceptance;

import org.jspecify.annotations.NullMarked;
