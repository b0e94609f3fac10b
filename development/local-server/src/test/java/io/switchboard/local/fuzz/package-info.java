/**
 * Fuzz tests with mutated requests to every operation and mutated events to every function. No input may break the
 * response contract.
 */
@NullMarked
package io.switchboard.local.fuzz;

import org.jspecify.annotations.NullMarked;
