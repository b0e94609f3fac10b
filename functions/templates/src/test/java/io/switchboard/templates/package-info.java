/** Tests of the function that manages templates. */
@NullMarked
package io.switchboard.templates;

import org.jspecify.annotations.NullMarked;
