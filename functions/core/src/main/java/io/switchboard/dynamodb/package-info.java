/** Client wiring, conditional writes, consistent reads, keys and page tokens: what every store shares. */
@NullMarked
package io.switchboard.dynamodb;

import org.jspecify.annotations.NullMarked;
