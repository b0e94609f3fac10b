package io.switchboard.json;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes one tree as compact JSON in UTF-8: into memory, into a stream, or only to count the bytes. Not thread-safe.
 *
 * <p>Each value becomes bytes once. A surrogate without its other half becomes {@code ?}, because UTF-8 has no form for
 * it.
 */
final class JsonOutput implements BiConsumer<Object, @Nullable Object> {
    private static final int FIRST_PIECE = 1_024;
    private static final int LARGEST_PIECE = 65_536;

    /** The most bytes of one character: an escape such as {@code \u001F}, inside of a JSON text. */
    private static final int LONGEST_CHARACTER = 7;

    private enum Target {
        MEMORY,
        STREAM,
        COUNT
    }

    private final Target target;
    private final @Nullable OutputStream stream;
    /** The full pieces, in memory only. */
    private final List<ByteBuffer> pieces = new ArrayList<>();

    private byte[] piece;
    private int length;
    private int earlier;
    private boolean isInText;
    private boolean isFirstMember;

    private JsonOutput(Target target, @Nullable OutputStream stream, int size) {
        this.target = target;
        this.stream = stream;
        this.piece = new byte[size];
    }

    /** Returns a tree as bytes. */
    static byte[] bytes(@Nullable Object tree) {
        JsonOutput output = new JsonOutput(Target.MEMORY, null, FIRST_PIECE);
        output.value(tree);
        return output.joined();
    }

    /** Returns the length of a tree in bytes. */
    static int length(@Nullable Object tree) {
        JsonOutput output = new JsonOutput(Target.COUNT, null, FIRST_PIECE);
        output.value(tree);
        return output.earlier + output.length;
    }

    /**
     * Writes a tree into a stream, in pieces of some kilobytes.
     *
     * @return the length in bytes
     * @throws UncheckedIOException if the stream fails
     */
    static int write(@Nullable Object tree, OutputStream stream) {
        JsonOutput output = new JsonOutput(Target.STREAM, stream, 4 * FIRST_PIECE);
        output.value(tree);
        output.endPiece();
        return output.earlier;
    }

    private void value(@Nullable Object value) {
        if (value instanceof String text) {
            quoted(text);
        } else if (value instanceof Map<?, ?> object) {
            object(object);
        } else if (value instanceof Iterable<?> array) {
            array(array);
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof JsonText text) {
            text(text);
        } else if (value instanceof byte[] ascii) {
            ascii(ascii);
        } else if (value == null || value instanceof Boolean) {
            characters(String.valueOf(value));
        } else {
            quoted(value.toString());
        }
    }

    private void object(Map<?, ?> object) {
        put('{');
        isFirstMember = true;
        // Unlike the loop over the entries, this creates no objects.
        object.forEach(this);
        isFirstMember = false;
        put('}');
    }

    /** Writes a member of the current object. */
    @Override
    public void accept(Object name, @Nullable Object value) {
        if (!isFirstMember) {
            put(',');
        }
        isFirstMember = false;
        quoted(name.toString());
        put(':');
        value(value);
    }

    private void array(Iterable<?> array) {
        put('[');
        boolean isFirst = true;
        for (Object element : array) {
            if (!isFirst) {
                put(',');
            }
            isFirst = false;
            value(element);
        }
        put(']');
    }

    private void number(Number number) {
        String text = number.toString();
        // JSON has no form for infinity and for a result that is not a number.
        if ((number instanceof Double || number instanceof Float) && !Double.isFinite(number.doubleValue())) {
            quoted(text);
        } else {
            characters(text);
        }
    }

    private void text(JsonText text) {
        if (isInText) {
            throw new IllegalArgumentException("A JSON text contains another one");
        }
        put('"');
        isInText = true;
        value(text.tree());
        isInText = false;
        put('"');
    }

    private void quoted(String text) {
        quote();
        characters(text);
        quote();
    }

    private void quote() {
        if (isInText) {
            put('\\');
        }
        put('"');
    }

    /** Writes the characters of a string, or of a number or a literal, which have none to be escaped. */
    private void characters(String text) {
        if (target == Target.COUNT) {
            count(text);
            return;
        }
        int end = text.length();
        int from = 0;
        while (from < end) {
            int room = piece.length - length;
            if (room < LONGEST_CHARACTER) {
                endPiece();
                room = piece.length;
            }
            from = characters(text, from, Math.min(end, from + room / LONGEST_CHARACTER));
        }
    }

    /** Writes some characters, for which the piece has room, and returns the index after them. */
    private int characters(String text, int from, int end) {
        byte[] into = piece;
        int at = length;
        int i = from;
        while (i < end) {
            char c = text.charAt(i++);
            if (c >= ' ' && c < 0x80 && c != '"' && c != '\\') {
                into[at++] = (byte) c;
            } else if (c < 0x80) {
                at = escaped(c, into, at);
            } else if (Character.isHighSurrogate(c) && i < text.length() && Character.isLowSurrogate(text.charAt(i))) {
                at = encoded(Character.toCodePoint(c, text.charAt(i++)), into, at);
            } else {
                at = encoded(c, into, at);
            }
        }
        length = at;
        return i;
    }

    /** Adds the size of some characters. Only those that are more than one byte are written, over each other. */
    private void count(String text) {
        endPiece();
        earlier += text.length();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            int next = i + 1;
            if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
                next = characters(text, i, next);
                earlier += length - (next - i);
                length = 0;
            }
            i = next;
        }
    }

    /** Writes an escape, and returns the index after it. Inside of a JSON text, its characters are escaped again. */
    private int escaped(char c, byte[] into, int from) {
        int at = from;
        into[at++] = '\\';
        if (isInText) {
            into[at++] = '\\';
        }
        int letter = "\b\t\n\f\r".indexOf(c);
        if (letter >= 0) {
            into[at++] = (byte) "btnfr".charAt(letter);
        } else if (c >= ' ') {
            if (isInText) {
                into[at++] = '\\';
            }
            into[at++] = (byte) c;
        } else {
            into[at++] = 'u';
            into[at++] = '0';
            into[at++] = '0';
            into[at++] = (byte) ('0' + (c >> 4));
            into[at++] = (byte) "0123456789ABCDEF".charAt(c & 0xF);
        }
        return at;
    }

    /** Writes a character, or {@code ?} for half of a surrogate pair, as UTF-8. Returns the index after it. */
    static int encoded(int c, byte[] into, int from) {
        int at = from;
        if (c < 0x80) {
            into[at++] = (byte) c;
        } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            into[at++] = '?';
        } else if (c < 0x800) {
            into[at++] = (byte) (0xC0 | (c >> 6));
            into[at++] = (byte) (0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            into[at++] = (byte) (0xE0 | (c >> 12));
            into[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            into[at++] = (byte) (0x80 | (c & 0x3F));
        } else {
            into[at++] = (byte) (0xF0 | (c >> 18));
            into[at++] = (byte) (0x80 | ((c >> 12) & 0x3F));
            into[at++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            into[at++] = (byte) (0x80 | (c & 0x3F));
        }
        return at;
    }

    /** Writes a string that is ASCII without characters to be escaped. */
    private void ascii(byte[] text) {
        quote();
        for (int from = 0; from < text.length; ) {
            if (length == piece.length) {
                endPiece();
            }
            int count = Math.min(text.length - from, piece.length - length);
            System.arraycopy(text, from, piece, length, count);
            length += count;
            from += count;
        }
        quote();
    }

    private void put(char c) {
        if (length == piece.length) {
            endPiece();
        }
        piece[length++] = (byte) c;
    }

    private void endPiece() {
        earlier += length;
        if (target == Target.MEMORY) {
            pieces.add(ByteBuffer.wrap(piece, 0, length));
            piece = new byte[Math.min(2 * piece.length, LARGEST_PIECE)];
        } else if (stream != null) {
            try {
                stream.write(piece, 0, length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        length = 0;
    }

    private byte[] joined() {
        byte[] joined = new byte[earlier + length];
        int at = 0;
        for (ByteBuffer each : pieces) {
            int count = each.remaining();
            each.get(joined, at, count);
            at += count;
        }
        System.arraycopy(piece, 0, joined, at, length);
        return joined;
    }
}
