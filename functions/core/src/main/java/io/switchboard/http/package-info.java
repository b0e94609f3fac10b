/** HTTP: API Gateway events, routes, responses and errors. */
@NullMarked
package io.switchboard.http;

import org.jspecify.annotations.NullMarked;
