/** The templates that a user may open: app profiles, and what is kept in memory of them. */
@NullMarked
package io.switchboard.template.catalog;

import org.jspecify.annotations.NullMarked;
