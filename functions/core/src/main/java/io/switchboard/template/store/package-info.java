/** Stores templates, app profiles and their users. */
@NullMarked
package io.switchboard.template.store;

import org.jspecify.annotations.NullMarked;
