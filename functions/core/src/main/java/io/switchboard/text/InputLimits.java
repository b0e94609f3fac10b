package io.switchboard.text;

/**
 * The limits on what callers send and on what an error answer repeats of it. {@code docs/errors.md} lists them. Limits of one
 * member, such as the length of a title, are with that member.
 */
public final class InputLimits {
    /** Levels of nesting in a JSON text. */
    public static final int DEPTH = 64;

    /** The longest number in a JSON text, in characters. */
    public static final int NUMBER_LENGTH = 100;

    /**
     * The largest exponent of a number that a caller sends, positive or negative, in scientific notation. Beyond the range of every
     * binary and decimal format of IEEE 754-2008 that JSON readers use (double ends at 308, decimal128 at 6,144).
     */
    public static final int EXPONENT = 9_999;

    /** The most elements of one array in a call record; a body of 4 MiB has no room for as many that mean something. */
    public static final int ELEMENTS = 50_000;

    /** The most conditions of a {@code $filter}, and the most names of a {@code $select} or {@code $expand}. */
    public static final int CONDITIONS = 100;

    /** The most levels of parentheses in a {@code $filter}. */
    public static final int PARENTHESES = 64;

    /** The most headers of one part of a batch. */
    public static final int PART_HEADERS = 100;

    /** The number of violations that one error answer names; it counts the rest. */
    public static final int VIOLATIONS = 100;

    /** The largest error answer, in bytes of UTF-8. */
    public static final int ERROR_BYTES = 65_536;

    /** The largest answer that Lambda returns, in bytes of JSON that holds the body as text. */
    public static final int RESPONSE_BYTES = 6 * 1_048_576;

    /** Where a page of large items ends, in bytes of the answer; one item alone is at most 256 KiB. */
    public static final int PAGE_BYTES = 5 * 1_048_576;

    /** The number of characters of a caller's text that a message repeats. */
    public static final int EXCERPT = 100;

    /** The longest message and the longest target of an error, in characters. */
    public static final int MESSAGE = 2_000;

    private InputLimits() {}

    /**
     * The beginning of a caller's text, for a message: at most {@link #EXCERPT} characters, and an ellipsis if more follow. Cuts no
     * surrogate pair in half.
     */
    public static String excerpt(String text) {
        return cut(text, EXCERPT);
    }

    /** A message that repeats only the beginning of a long text of the caller. */
    public static String abridged(String message, String text) {
        return text.length() <= EXCERPT ? message : message.replace(text, excerpt(text));
    }

    public static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "…";
    }
}
