package io.switchboard.json;

/**
 * One thing that is wrong with a body, as {@code error.details[]} shows it.
 *
 * @param code the finer code, camelCase
 * @param message says what to do next
 * @param target where it is, such as {@code tabs[0].parameters.url}; empty for the body as a whole
 */
public record Violation(String code, String message, String target) {
    /** What an answer says of the violations that it does not name. */
    public static Violation others(int count) {
        return new Violation(
                "tooMany",
                (count == 1 ? "1 more problem is" : count + " more problems are")
                        + " not listed here. Fix the listed ones and send the request again.",
                "");
    }
}
