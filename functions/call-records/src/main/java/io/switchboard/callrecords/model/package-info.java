/** Microsoft Graph's call record types, read from one description. */
@NullMarked
package io.switchboard.callrecords.model;

import org.jspecify.annotations.NullMarked;
