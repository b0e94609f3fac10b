/** The templates that users can open, with app profiles and caches. */
@NullMarked
package io.switchboard.template.catalog;

import org.jspecify.annotations.NullMarked;
