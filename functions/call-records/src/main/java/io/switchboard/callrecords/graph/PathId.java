package io.switchboard.callrecords.graph;

import io.switchboard.text.PercentEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Ids of call records, segments and participants in paths. A path cannot carry some ids: API Gateway decodes
 * {@code %2F} before it matches routes, and an id may look like another segment, a key, a placeholder or the name of an
 * operation or log. Such an id is sent as {@code ~} and base64url.
 */
public final class PathId {
    private PathId() {}

    /** Returns the path segment of an id. */
    public static String segment(String id) {
        boolean isPlain = !id.startsWith("~")
                && !ODataPath.isReserved(id)
                && id.indexOf('/') < 0
                && id.indexOf('(') < 0
                && id.indexOf('{') < 0
                && id.indexOf('}') < 0
                && !id.equals(".")
                && !id.equals("..");
        return isPlain ? PercentEncoding.ofValue(id) : key(id);
    }

    /** Returns the path segment of a key. */
    public static String key(String key) {
        return "~" + Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the id of a decoded path segment. */
    public static String id(String segment) {
        if (!segment.startsWith("~")) {
            return segment;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(segment.substring(1)), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // No stored id matches: ids that begin with ~ are always encoded.
            return segment;
        }
    }
}
