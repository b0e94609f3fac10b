package io.switchboard.template;

/**
 * A reference of an app profile to an existing session template that is not allowed.
 *
 * @param code {@code templateTypeNotAllowed}, {@code entityMismatch} or {@code duplicateEntity}
 * @param target the position in the profile, such as {@code sessionTemplates[1]}
 * @param message the error and its correction
 */
public record ReferenceViolation(String code, String target, String message) {}
