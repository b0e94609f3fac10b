/** Slugs in texts and addresses, and the warnings of those that have no value. */
@NullMarked
package io.switchboard.slug;

import org.jspecify.annotations.NullMarked;
