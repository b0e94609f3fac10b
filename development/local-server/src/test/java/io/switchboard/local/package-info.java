@NullMarked
package io.switchboard.local;

import org.jspecify.annotations.NullMarked;
