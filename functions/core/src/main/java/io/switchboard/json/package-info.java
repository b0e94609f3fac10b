/** JSON in and out, and readers that collect all violations of a body. */
@NullMarked
package io.switchboard.json;

import org.jspecify.annotations.NullMarked;
