package io.switchboard.identity;

/**
 * The rule for the ids of users, tenants and applications, wherever they arrive: in a claim, in a path or in a body. Ids are compared
 * character by character, so two ids that look the same must not both be possible.
 *
 * <p>An id has at least one visible character. It has no white space at either end, no control character, no line separator, no
 * bidirectional formatting character, and no half of a surrogate pair.
 */
public final class Identifier {
    private static final int FIRST_VISIBLE_ASCII = '!';
    private static final int LAST_VISIBLE_ASCII = '~';
    /** No character before this one is invisible, or sets the direction of text, without being a control character. */
    private static final int SOFT_HYPHEN = 0xAD;

    private Identifier() {}

    /** The rule, as the end of an error message. */
    public static final String RULE =
            "An id has at least one visible character, and it has no white space at either end, no control"
                    + " characters and no bidirectional formatting characters. Send the id exactly as the user's token states it.";

    /** Whether a text is an id. */
    public static boolean isValid(String text) {
        return !text.isEmpty()
                && isPrintable(text)
                && !isSpace(text.codePointAt(0))
                && !isSpace(text.codePointBefore(text.length()));
    }

    /**
     * Whether a text can be shown as it is: it has a visible character, and no control character, line separator, bidirectional formatting
     * character or half of a surrogate pair.
     */
    public static boolean isPrintable(String text) {
        boolean isVisible = false;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c >= FIRST_VISIBLE_ASCII && c <= LAST_VISIBLE_ASCII) {
                isVisible = true;
                i++;
                continue;
            }
            int point = text.codePointAt(i);
            if (isForbidden(point)) {
                return false;
            }
            isVisible |= !isInvisible(point);
            i += Character.charCount(point);
        }
        return isVisible;
    }

    private static boolean isForbidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                true;
            case Character.FORMAT -> isBidirectional(point);
            default -> false;
        };
    }

    /** The characters with the property Bidi_Control of Unicode. */
    private static boolean isBidirectional(int point) {
        return point == 0x061C
                || point == 0x200E
                || point == 0x200F
                || (point >= 0x202A && point <= 0x202E)
                || (point >= 0x2066 && point <= 0x2069);
    }

    private static boolean isSpace(int point) {
        return Character.isSpaceChar(point)
                || Character.isWhitespace(point)
                // Each of these looks like nothing, and only changes where a line may be broken.
                || point == 0x180E
                || point == 0x200B
                || point == 0x2060
                || point == 0xFEFF;
    }

    /** White space, and what Unicode has as Default_Ignorable_Code_Point or as a blank. */
    private static boolean isInvisible(int point) {
        if (point < SOFT_HYPHEN) {
            return isSpace(point);
        }
        return isSpace(point)
                || Character.getType(point) == Character.FORMAT
                || point == 0x034F
                || point == 0x115F
                || point == 0x1160
                || point == 0x17B4
                || point == 0x17B5
                || (point >= 0x180B && point <= 0x180F)
                || point == 0x2065
                || point == 0x2800
                || point == 0x3164
                || (point >= 0xFE00 && point <= 0xFE0F)
                || point == 0xFFA0
                || (point >= 0xFFF0 && point <= 0xFFF8)
                || (point >= 0xE0000 && point <= 0xE0FFF);
    }
}
