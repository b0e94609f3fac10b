/** Tests that need the whole: the system as SAM deploys it to LocalStack, and as SAM runs it in containers on this machine. */
@NullMarked
package io.switchboard.acceptance;

import org.jspecify.annotations.NullMarked;
