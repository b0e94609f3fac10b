/** The pages, keys and conditions that every store shares, whatever it stores in. */
@NullMarked
package io.switchboard.storage;

import org.jspecify.annotations.NullMarked;
