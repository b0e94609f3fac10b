/**
 * Offers of conversations to users, which the API calls notifications: their values, their deadlines and their JSON.
 */
@NullMarked
package io.switchboard.offer;

import org.jspecify.annotations.NullMarked;
