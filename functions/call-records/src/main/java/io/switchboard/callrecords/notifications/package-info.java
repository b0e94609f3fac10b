/** Subscriptions to call records, and what is sent to their endpoints. */
@NullMarked
package io.switchboard.callrecords.notifications;

import org.jspecify.annotations.NullMarked;
