/** What looks into the description of Graph's types, and needs Graph's own clients for it. */
@NullMarked
package io.switchboard.callrecords.model;

import org.jspecify.annotations.NullMarked;
