/**
 * The deployed system as described by {@code template.yaml} and its nested templates, the single source of routes,
 * tables and CORS.
 */
@NullMarked
package io.switchboard.local.deployment;

import org.jspecify.annotations.NullMarked;
