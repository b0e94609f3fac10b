package io.switchboard.text;

import java.util.HexFormat;

/** Recognises GUIDs in text form, {@code 3f2504e0-4f89-41d3-9a0c-0305e82c3301}, in either case. */
public final class Guid {
    private static final int LENGTH = 36;

    private Guid() {}

    /** Returns whether a text is a GUID. */
    public static boolean isGuid(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int i = 0; i < LENGTH; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? text.charAt(i) != '-' : !HexFormat.isHexDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
