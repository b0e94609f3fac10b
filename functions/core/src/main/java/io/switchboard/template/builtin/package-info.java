/** The templates that are shipped. */
@NullMarked
package io.switchboard.template.builtin;

import org.jspecify.annotations.NullMarked;
