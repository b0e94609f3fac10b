/** What tests of the functions share: API Gateway events, the answers to them, and tables to send them against. */
@NullMarked
package io.switchboard.replay;

import org.jspecify.annotations.NullMarked;
