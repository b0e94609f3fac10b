package io.switchboard.template;

import java.util.Locale;

/**
 * The rules of unique names ({@code docs/decisions/0006-where-the-specifications-are-silent.md}):
 * {@code [A-Za-z][A-Za-z0-9_]{0,127}}, unique without regard to case, but case-sensitive in lookups.
 */
public final class UniqueName {
    /** The longest unique name, in characters ({@code docs/domain/session-templates.md}, "Session templates"). */
    public static final int MAXIMUM_LENGTH = 128;

    private UniqueName() {}

    /** Returns true if a text is a valid unique name. */
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

    /** Returns true if a text is the {@link #key} of a unique name. */
    public static boolean isKey(String text) {
        return isValid(text) && key(text).equals(text);
    }

    /** Returns the key of a unique name, which is the same for names that differ only in case. */
    public static String key(String uniqueName) {
        return uniqueName.toLowerCase(Locale.ROOT);
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
