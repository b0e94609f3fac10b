/** Sessions, tabs and desks as values, and their JSON. */
@NullMarked
package io.switchboard.session;

import org.jspecify.annotations.NullMarked;
