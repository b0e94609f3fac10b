package io.switchboard.callrecords.graph;

import io.switchboard.text.PercentEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Ids of call records, segments and participants in paths. An id that a path cannot carry, because API Gateway decodes {@code %2F} before routes
 * are matched, or because it would read as something else or as a placeholder, goes as {@code ~} and base64url.
 */
public final class PathId {
    private PathId() {}

    /** The segment that names an id. */
    public static String segment(String id) {
        boolean isPlain = !id.startsWith("~")
                && !id.startsWith("$")
                && id.indexOf('/') < 0
                && id.indexOf('{') < 0
                && id.indexOf('}') < 0
                && !id.equals(".")
                && !id.equals("..");
        return isPlain
                ? PercentEncoding.ofValue(id)
                : "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }

    /** The id that a decoded segment names. */
    public static String id(String segment) {
        if (!segment.startsWith("~")) {
            return segment;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(segment.substring(1)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Nothing has it, since ids that begin so are never named plainly.
            return segment;
        }
    }
}
