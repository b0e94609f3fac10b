/** Sessions, their tabs and the desk as values, and the JSON that shows them. */
@NullMarked
package io.switchboard.session;

import org.jspecify.annotations.NullMarked;
