/**
 * The development server: {@code template.yaml}'s routes on 127.0.0.1 through the real handlers, with DynamoDB Local
 * and a token issuer. Never deployed.
 */
@NullMarked
package io.switchboard.local;

import org.jspecify.annotations.NullMarked;
