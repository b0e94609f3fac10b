package io.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A member of a JSON object whose value is a string. It is taken out of the bytes of the object, so that its text never
 * becomes a Java string. Not thread-safe.
 */
public final class TextMember {
    private final byte[] object;
    private final int begin;
    private final int end;

    /**
     * @param begin the index of the opening quote of the value
     * @param end the index of its closing quote
     */
    private TextMember(byte[] object, int begin, int end) {
        this.object = object;
        this.begin = begin;
        this.end = end;
    }

    /**
     * Finds a member by its name, which has no characters to be escaped. Returns null if the member is absent, is not a
     * string, or is not valid JSON. The rest of the object is not checked.
     */
    public static @Nullable TextMember find(byte[] object, String name) {
        byte[] searched = name.getBytes(StandardCharsets.UTF_8);
        int depth = 0;
        for (int i = 0; i < object.length; i++) {
            switch (object[i]) {
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                case '"' -> {
                    int begin = i;
                    i = endOfString(object, begin);
                    if (i < 0) {
                        return null;
                    }
                    int value = depth == 1 && Arrays.equals(object, begin + 1, i, searched, 0, searched.length)
                            ? value(object, i + 1)
                            : -1;
                    if (value >= 0) {
                        int end = object[value] == '"' ? endOfString(object, value) : -1;
                        return end < 0 ? null : new TextMember(object, value, end);
                    }
                }
                default -> {}
            }
        }
        return null;
    }

    /** Returns the index of the value that follows a name; -1 if there is none. */
    private static int value(byte[] object, int afterName) {
        int colon = afterSpace(object, afterName);
        if (colon == object.length || object[colon] != ':') {
            return -1;
        }
        int value = afterSpace(object, colon + 1);
        return value == object.length ? -1 : value;
    }

    private static int afterSpace(byte[] object, int from) {
        int at = from;
        while (at < object.length && " \t\r\n".indexOf(object[at]) >= 0) {
            at++;
        }
        return at;
    }

    /** Returns the index of the closing quote; -1 if the string is not valid JSON. */
    private static int endOfString(byte[] object, int openingQuote) {
        for (int i = openingQuote + 1; i < object.length; i++) {
            byte each = object[i];
            if (each == '"') {
                return i;
            }
            if (each == '\\') {
                i++;
                if (i == object.length || !isEscape(object, i)) {
                    return -1;
                }
            } else if (each >= 0 && each < ' ') {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isEscape(byte[] object, int letter) {
        if (object[letter] != 'u') {
            return "\"\\/bfnrt".indexOf(object[letter]) >= 0;
        }
        for (int i = letter + 1; i <= letter + 4; i++) {
            if (i >= object.length || Character.digit((char) object[i], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the object with null instead of the text. */
    public byte[] rest() {
        byte[] none = "null".getBytes(StandardCharsets.UTF_8);
        byte[] rest = new byte[object.length - (end + 1 - begin) + none.length];
        System.arraycopy(object, 0, rest, 0, begin);
        System.arraycopy(none, 0, rest, begin, none.length);
        System.arraycopy(object, end + 1, rest, begin + none.length, object.length - end - 1);
        return rest;
    }

    /**
     * Returns the text in UTF-8, without escapes. An escaped surrogate without its other half becomes {@code ?}. Bytes
     * that are not UTF-8 are returned as they are.
     *
     * <p>Escapes are longer than their characters, so the text is written over the bytes of the object, which cannot be
     * used afterwards.
     */
    public byte[] text() {
        int to = begin + 1;
        int i = begin + 1;
        while (i < end) {
            byte each = object[i++];
            if (each != '\\') {
                object[to++] = each;
                continue;
            }
            byte letter = object[i++];
            if (letter != 'u') {
                object[to++] = unescaped(letter);
                continue;
            }
            int c = escaped(i);
            i += 4;
            if (Character.isHighSurrogate((char) c) && isEscapedLowSurrogate(i)) {
                c = Character.toCodePoint((char) c, (char) escaped(i + 2));
                i += 6;
            }
            to = JsonOutput.encoded(c, object, to);
        }
        return Arrays.copyOfRange(object, begin + 1, to);
    }

    private static byte unescaped(byte letter) {
        return switch (letter) {
            case 'b' -> '\b';
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'f' -> '\f';
            case 'r' -> '\r';
            default -> letter;
        };
    }

    private boolean isEscapedLowSurrogate(int at) {
        return object[at] == '\\' && object[at + 1] == 'u' && Character.isLowSurrogate((char) escaped(at + 2));
    }

    private int escaped(int digits) {
        int c = 0;
        for (int i = digits; i < digits + 4; i++) {
            c = (c << 4) | Character.digit((char) object[i], 16);
        }
        return c;
    }
}
