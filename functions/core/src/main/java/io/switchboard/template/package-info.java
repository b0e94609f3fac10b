/** Templates, their store, slugs, and resolving a template into a session. */
@NullMarked
package io.switchboard.template;

import org.jspecify.annotations.NullMarked;
