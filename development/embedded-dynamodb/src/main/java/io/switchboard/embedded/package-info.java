/** DynamoDB Local for tests, benches and the development server: in a JVM of its own, gone when ours is gone. */
@NullMarked
package io.switchboard.embedded;

import org.jspecify.annotations.NullMarked;
