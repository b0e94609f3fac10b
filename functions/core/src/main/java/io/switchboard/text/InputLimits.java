package io.switchboard.text;

/**
 * The limits on callers' input and on its repetition in error responses. {@code docs/reference/errors.md} lists them.
 * Limits of one member, such as the length of a title, are with that member.
 */
public final class InputLimits {
    /** The maximum levels of nesting in JSON text. */
    public static final int DEPTH = 64;

    /** The longest number in JSON text, in characters. */
    public static final int NUMBER_LENGTH = 100;

    /**
     * The largest exponent of a caller's number, positive or negative, in scientific notation. It exceeds the range of
     * every binary and decimal format of IEEE 754-2008 that JSON readers use (double ends at 308, decimal128 at 6,144).
     */
    public static final int EXPONENT = 9_999;

    /**
     * The most elements of one array in a call record. A body of 4 MiB cannot contain this number of meaningful
     * elements.
     */
    public static final int ELEMENTS = 50_000;

    /** The most conditions of a {@code $filter}, and the most names in a {@code $select} or {@code $expand}. */
    public static final int CONDITIONS = 100;

    /** The most levels of parentheses in a {@code $filter}. */
    public static final int PARENTHESES = 64;

    /** The most headers of one part of a batch. */
    public static final int PART_HEADERS = 100;

    /** The most violations that an error response lists; the others are counted. */
    public static final int VIOLATIONS = 100;

    /** The largest error response, in bytes of UTF-8. */
    public static final int ERROR_BYTES = 65_536;

    /** The largest response that Lambda returns, in bytes of JSON that contains the body as text. */
    public static final int RESPONSE_BYTES = 6 * 1_048_576;

    /** The maximum size of a page of large items, in bytes of the response. A single item has at most 256 KiB. */
    public static final int PAGE_BYTES = 5 * 1_048_576;

    /** The most characters of a caller's text that a message repeats. */
    public static final int EXCERPT = 100;

    /** The longest message and the longest target of an error, in characters. */
    public static final int MESSAGE = 2_000;

    private InputLimits() {}

    /**
     * Returns the beginning of a caller's text for a message: at most {@link #EXCERPT} characters, and an ellipsis if
     * more follow. A surrogate pair is never split.
     */
    public static String excerpt(String text) {
        return cut(text, EXCERPT);
    }

    /** Returns a message in which a long text of the caller is cut to its beginning. */
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
