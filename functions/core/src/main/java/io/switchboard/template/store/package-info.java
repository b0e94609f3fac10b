/** Where templates, app profiles and their users are stored. */
@NullMarked
package io.switchboard.template.store;

import org.jspecify.annotations.NullMarked;
