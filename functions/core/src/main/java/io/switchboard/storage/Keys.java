package io.switchboard.storage;

import io.switchboard.text.PercentEncoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes key parts as text. Each part is percent-encoded, so that no id can reach into the partition of another tenant
 * or user. Parts are joined by {@code #}, which no encoded part contains.
 */
public final class Keys {
    /** The longest encoded part, in bytes: two of them stay within DynamoDB's 2,048 bytes of a partition key. */
    public static final int LONGEST_PART = 1_000;

    private Keys() {}

    /** Returns the key of these parts. */
    public static String join(String... parts) {
        StringBuilder key = new StringBuilder();
        for (String part : parts) {
            if (!key.isEmpty()) {
                key.append('#');
            }
            key.append(PercentEncoding.ofValue(part));
        }
        return key.toString();
    }

    /** Returns the parts of a key from {@link #join}. */
    public static List<String> split(String key) {
        List<String> parts = new ArrayList<>();
        int begin = 0;
        for (int end = key.indexOf('#'); end >= 0; end = key.indexOf('#', begin)) {
            parts.add(PercentEncoding.decode(key.substring(begin, end)));
            begin = end + 1;
        }
        parts.add(PercentEncoding.decode(key.substring(begin)));
        return parts;
    }

    /**
     * Returns whether a part fits into a key. Half of a surrogate pair does not, because different halves have the same
     * encoding.
     */
    public static boolean fits(String part) {
        return !part.isEmpty()
                && StandardCharsets.UTF_8.newEncoder().canEncode(part)
                && PercentEncoding.ofValue(part).length() <= LONGEST_PART;
    }
}
