package io.switchboard.storage;

import io.switchboard.text.PercentEncoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Key parts as text. Each part is percent-encoded, so that no id, whatever it holds, reaches into another tenant's or
 * user's partition, and parts are joined by {@code #}, which no encoded part holds.
 */
public final class Keys {
    /** The longest encoded part, in bytes: two of them stay within DynamoDB's 2,048 bytes of a partition key. */
    public static final int LONGEST_PART = 1_000;

    private Keys() {}

    /** Parts as one key. */
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

    /** The parts of a key that {@link #join} made. */
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

    /** Whether a part fits into a key. Half of a surrogate pair has no bytes of its own: two such parts would be one key. */
    public static boolean fits(String part) {
        return !part.isEmpty()
                && StandardCharsets.UTF_8.newEncoder().canEncode(part)
                && PercentEncoding.ofValue(part).length() <= LONGEST_PART;
    }
}
