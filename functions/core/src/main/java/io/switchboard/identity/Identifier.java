package io.switchboard.identity;

/**
 * The rule for ids of users, tenants and applications in claims, paths and bodies. Ids are compared character by
 * character, so the rule excludes ids that look like other ids.
 *
 * <p>An id has at least one visible character. It has no white space at either end, no control character, no line
 * separator, no bidirectional formatting character, and no half of a surrogate pair.
 */
public final class Identifier {
    private static final int FIRST_VISIBLE_ASCII = '!';
    private static final int LAST_VISIBLE_ASCII = '~';
    /** The first character that is invisible or sets the direction of text, and is not a control character. */
    private static final int SOFT_HYPHEN = 0xAD;

    private Identifier() {}

    /** The rule, as the end of an error message. */
    public static final String RULE =
            "An id must have at least one visible character. It must not have leading or trailing white space, control"
                    + " characters or bidirectional formatting characters. Send the id exactly as it appears in the"
                    + " user's token.";

    /** Returns whether a text is a valid id. */
    public static boolean isValid(String text) {
        return !text.isEmpty()
                && isPrintable(text)
                && !isSpace(text.codePointAt(0))
                && !isSpace(text.codePointBefore(text.length()));
    }

    /**
     * Returns whether a text can be displayed unchanged: it has a visible character, and no control character, line
     * separator, bidirectional formatting character or half of a surrogate pair.
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

    /** The characters with the Unicode property Bidi_Control. */
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
                // These characters are invisible and only affect line breaking.
                || point == 0x180E
                || point == 0x200B
                || point == 0x2060
                || point == 0xFEFF;
    }

    /** White space, Default_Ignorable_Code_Point, and the other blank characters of Unicode. */
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
