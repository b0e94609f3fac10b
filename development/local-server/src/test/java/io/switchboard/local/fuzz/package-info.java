/** Mutated requests to every operation and mutated events to every function: no input may break what each answer promises. */
@NullMarked
package io.switchboard.local.fuzz;

import org.jspecify.annotations.NullMarked;
