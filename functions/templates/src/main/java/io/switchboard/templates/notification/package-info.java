/** Notification templates, rendered. */
@NullMarked
package io.switchboard.templates.notification;

import org.jspecify.annotations.NullMarked;
