/** HTTP: API Gateway's events, routes, answers and errors. */
@NullMarked
package io.switchboard.http;

import org.jspecify.annotations.NullMarked;
