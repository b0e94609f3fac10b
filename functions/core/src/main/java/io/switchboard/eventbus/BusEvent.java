package io.switchboard.eventbus;

import java.time.Instant;

/**
 * An event for the bus of the stack.
 *
 * @param source the part of Switchboard that it is about, such as {@code switchboard.sessions}
 * @param type the type, such as {@code SessionCreated}
 * @param detail the content, as the text of a JSON object
 * @param time the time of the write
 */
public record BusEvent(String source, String type, String detail, Instant time) {}
