/** Fixtures that need nothing but what is public: tables, and services of AWS on a socket of their own. */
@NullMarked
package io.switchboard.testing;

import org.jspecify.annotations.NullMarked;
