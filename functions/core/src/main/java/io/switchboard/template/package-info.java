/** Templates and app profiles as values, and the templates that are shipped. */
@NullMarked
package io.switchboard.template;

import org.jspecify.annotations.NullMarked;
