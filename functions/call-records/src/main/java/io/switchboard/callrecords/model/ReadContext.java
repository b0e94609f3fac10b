package io.switchboard.callrecords.model;

import io.switchboard.json.Violations;

/**
 * How a body is read.
 *
 * @param purpose what for
 * @param target where the entity stands in the body, such as {@code segments[0]}; empty for the body itself
 * @param violations what is found wrong goes there, all of it
 */
public record ReadContext(Purpose purpose, String target, Violations violations) {}
