/** The OpenAPI document, held against the routes, against every event and against what is answered. */
@NullMarked
package io.switchboard.local.openapi;

import org.jspecify.annotations.NullMarked;
