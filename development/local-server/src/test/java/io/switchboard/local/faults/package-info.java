/** The whole product over HTTP while DynamoDB fails in all its ways, held against models of what callers were told. */
@NullMarked
package io.switchboard.local.faults;

import org.jspecify.annotations.NullMarked;
