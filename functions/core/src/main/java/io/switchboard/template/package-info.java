/** Templates and app profiles as values. */
@NullMarked
package io.switchboard.template;

import org.jspecify.annotations.NullMarked;
