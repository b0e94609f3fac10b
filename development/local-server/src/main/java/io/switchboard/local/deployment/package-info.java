/** The deployed system as {@code template.yaml} and its nested templates describe it: the one place where routes, tables and CORS are listed. */
@NullMarked
package io.switchboard.local.deployment;

import org.jspecify.annotations.NullMarked;
