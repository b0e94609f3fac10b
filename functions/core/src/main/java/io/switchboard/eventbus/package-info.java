/** The event bus of the stack. A module that uses it declares the dependency on the client of EventBridge. */
@NullMarked
package io.switchboard.eventbus;

import org.jspecify.annotations.NullMarked;
