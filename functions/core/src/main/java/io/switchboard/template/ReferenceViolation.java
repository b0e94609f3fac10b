package io.switchboard.template;

/**
 * A reference of an app profile to a session template that exists and is not allowed there.
 *
 * @param code {@code templateTypeNotAllowed}, {@code entityMismatch} or {@code duplicateEntity}
 * @param target the place in the profile, such as {@code sessionTemplates[1]}
 * @param message says what to do next
 */
public record ReferenceViolation(String code, String target, String message) {}
