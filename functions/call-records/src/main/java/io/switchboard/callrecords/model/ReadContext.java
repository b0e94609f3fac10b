package io.switchboard.callrecords.model;

import io.switchboard.json.Violations;

/**
 * The context of reading a body.
 *
 * @param purpose the purpose
 * @param target the path of the entity in the body, such as {@code segments[0]}; empty for the body itself
 * @param violations collects all violations found
 */
public record ReadContext(Purpose purpose, String target, Violations violations) {}
