/** Request in, response out: the edge between API Gateway's events and the functions. */
@NullMarked
package io.switchboard.http;

import org.jspecify.annotations.NullMarked;
