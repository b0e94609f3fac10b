/** DynamoDB Local for tests, benchmarks and the development server, in a child JVM that ends with its parent. */
@NullMarked
package io.switchboard.embedded;

import org.jspecify.annotations.NullMarked;
