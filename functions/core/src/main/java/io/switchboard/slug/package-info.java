/** Slugs in texts and addresses, and the warnings about slugs without a value. */
@NullMarked
package io.switchboard.slug;

import org.jspecify.annotations.NullMarked;
