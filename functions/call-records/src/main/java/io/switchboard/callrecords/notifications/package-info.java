/** Subscriptions to call records, and the notifications to their endpoints. */
@NullMarked
package io.switchboard.callrecords.notifications;

import org.jspecify.annotations.NullMarked;
