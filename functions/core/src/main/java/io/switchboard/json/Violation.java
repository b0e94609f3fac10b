package io.switchboard.json;

/**
 * A violation in a body, an element of {@code error.details[]}.
 *
 * @param code the code in camelCase
 * @param message the problem and how to fix it
 * @param target the location, such as {@code tabs[0].parameters.url}; empty for the body as a whole
 */
public record Violation(String code, String message, String target) {
    /** Returns the entry that counts the violations that a response does not list. */
    public static Violation others(int count) {
        return new Violation(
                "tooMany",
                (count == 1 ? "1 more problem is" : count + " more problems are")
                        + " not listed here. Fix the listed ones and retry.",
                "");
    }
}
