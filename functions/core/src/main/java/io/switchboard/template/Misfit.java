package io.switchboard.template;

/**
 * A reference of an app profile to a session template that is there and cannot stand there.
 *
 * @param code {@code templateTypeNotAllowed}, {@code entityMismatch} or {@code duplicateEntity}
 * @param target where in the profile, such as {@code sessionTemplates[1]}
 * @param message says what to do next
 */
public record Misfit(String code, String target, String message) {}
