package io.switchboard.template;

import java.util.Locale;

/**
 * The rule of unique names ({@code DESIGN.md} §4): {@code [A-Za-z][A-Za-z0-9_]{0,127}}, unique without regard to case,
 * looked up with regard to it.
 */
public final class UniqueName {
    /** The longest unique name, in characters ({@code cif-apm.md} §C.1). */
    public static final int MAXIMUM_LENGTH = 128;

    private UniqueName() {}

    /** Whether a text may be a unique name. */
    public static boolean isValid(String text) {
        if (text.isEmpty() || text.length() > MAXIMUM_LENGTH || !isLetter(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && !(c >= '0' && c <= '9') && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** Whether a text is the {@link #key} of a unique name. */
    public static boolean isKey(String text) {
        return isValid(text) && key(text).equals(text);
    }

    /** What two names that differ only in case have in common. */
    public static String key(String uniqueName) {
        return uniqueName.toLowerCase(Locale.ROOT);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
