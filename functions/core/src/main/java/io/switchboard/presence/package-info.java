/** The presence of users: what they do, until when it is known, and how it is shown. */
@NullMarked
package io.switchboard.presence;

import org.jspecify.annotations.NullMarked;
