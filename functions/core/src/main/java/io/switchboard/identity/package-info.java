/** The caller: tenant, user, provider, permissions. Fails closed. */
@NullMarked
package io.switchboard.identity;

import org.jspecify.annotations.NullMarked;
