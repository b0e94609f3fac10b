package io.switchboard.http;

/**
 * The limits on what callers send and on what an error answer repeats of it. {@code docs/errors.md} lists them. Limits of one
 * member, such as the length of a title, are with that member.
 */
public final class InputLimits {
    /** The number of violations that one error answer names; it counts the rest. */
    public static final int VIOLATIONS = 100;

    /** The largest error answer, in bytes of UTF-8. */
    public static final int ERROR_BYTES = 65_536;

    /** The number of characters of a caller's text that a message repeats. */
    public static final int EXCERPT = 100;

    private InputLimits() {}

    /**
     * The beginning of a caller's text, for a message: at most {@link #EXCERPT} characters, and an ellipsis if more follow. Cuts no
     * surrogate pair in half.
     */
    public static String excerpt(String text) {
        if (text.length() <= EXCERPT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(EXCERPT - 1)) ? EXCERPT - 1 : EXCERPT;
        return text.substring(0, end) + "…";
    }
}
