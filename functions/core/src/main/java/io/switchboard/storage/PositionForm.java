package io.switchboard.storage;

/**
 * The form of the positions in a list. Any caller can forge a page token, so its position is checked before use. A
 * position that the list never issues is rejected like a token of another list.
 */
@FunctionalInterface
public interface PositionForm {
    /** Returns whether the list may issue this position. */
    boolean fits(String position);

    /** Returns the form of whole numbers within a range, without a sign or leading zeros. */
    static PositionForm number(int minimum, int maximum) {
        return position -> isNumber(position, minimum, maximum);
    }

    /** Returns the form of keys from {@link Keys#join}, with one or more parts and at most this number of bytes. */
    static PositionForm key(int longest) {
        return position -> position.length() <= longest && isEncoded(position);
    }

    private static boolean isNumber(String text, int minimum, int maximum) {
        if (text.isEmpty() || text.length() > Integer.toString(maximum).length()) {
            return false;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            number = number * 10 + c - '0';
        }
        return number >= minimum && number <= maximum && (text.length() == 1 || text.charAt(0) != '0');
    }

    private static boolean isEncoded(String text) {
        try {
            return !text.isEmpty()
                    && Keys.join(Keys.split(text).toArray(String[]::new)).equals(text);
        } catch (RuntimeException e) {
            // A truncated escape, or digits that are not hexadecimal.
            return false;
        }
    }
}
