/** Tests the OpenAPI document against the routes, every event and the responses. */
@NullMarked
package io.switchboard.local.openapi;

import org.jspecify.annotations.NullMarked;
