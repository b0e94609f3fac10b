/** The built-in templates. */
@NullMarked
package io.switchboard.template.builtin;

import org.jspecify.annotations.NullMarked;
