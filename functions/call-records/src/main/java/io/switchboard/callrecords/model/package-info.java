/** Microsoft Graph's types of call records, from one description. */
@NullMarked
package io.switchboard.callrecords.model;

import org.jspecify.annotations.NullMarked;
