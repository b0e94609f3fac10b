/** Tests of the description of Graph's types against Graph's own clients. */
@NullMarked
package io.switchboard.callrecords.model;

import org.jspecify.annotations.NullMarked;
