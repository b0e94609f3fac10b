/** The run time of a function: deadline, request log, metrics, and functions that streams and queues invoke. */
@NullMarked
package io.switchboard.runtime;

import org.jspecify.annotations.NullMarked;
