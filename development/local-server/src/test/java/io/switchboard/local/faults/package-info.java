/**
 * Tests the whole product over HTTP while DynamoDB fails in various ways, against models of the acknowledged results.
 */
@NullMarked
package io.switchboard.local.faults;

import org.jspecify.annotations.NullMarked;
