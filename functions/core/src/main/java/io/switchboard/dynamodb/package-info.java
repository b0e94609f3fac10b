/** DynamoDB: the client, reads, conditional writes, retries. */
@NullMarked
package io.switchboard.dynamodb;

import org.jspecify.annotations.NullMarked;
