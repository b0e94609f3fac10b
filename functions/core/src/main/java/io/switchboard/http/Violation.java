package io.switchboard.http;

/**
 * One thing that is wrong with a body, as {@code error.details[]} shows it.
 *
 * @param code the finer code, camelCase
 * @param message says what to do next
 * @param target where it is, such as {@code tabs[0].parameters.url}; empty for the body as a whole
 */
public record Violation(String code, String message, String target) {}
