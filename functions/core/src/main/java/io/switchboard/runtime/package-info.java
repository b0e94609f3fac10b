/** A function at run time: its deadline, its line of log, its metrics, and the functions that streams and queues invoke. */
@NullMarked
package io.switchboard.runtime;

import org.jspecify.annotations.NullMarked;
