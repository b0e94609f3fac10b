/** Push to browsers through AWS AppSync Events: channels, endpoints and the messages about desks. */
@NullMarked
package io.switchboard.sessions.push;

import org.jspecify.annotations.NullMarked;
