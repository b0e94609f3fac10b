package io.switchboard.http;

import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.List;

/** The rules by which a {@link RouteTable} reads the path of a request and the patterns of its routes. Thread-safe. */
public interface PathSyntax {
    /** Segments separated by {@code /}; literal segments are case-sensitive. */
    PathSyntax PLAIN = path -> {
        List<Segment> segments = new ArrayList<>();
        for (String text : path.split("/", -1)) {
            segments.add(new Segment(text, false));
        }
        return segments;
    };

    /**
     * A segment of a path or pattern.
     *
     * @param isKey whether it is marked as a value, such as the key of a resource or the parameters of a function. Such
     *     a segment of a path never matches a literal, and such a parameter of a pattern matches nothing else.
     */
    record Segment(String text, boolean isKey) {}

    /**
     * Returns the segments of a path; the first one is empty.
     *
     * @param path decoded once
     */
    List<Segment> segments(String path);

    /** Returns whether a segment of a path equals a literal segment of a pattern. */
    default boolean isSame(String literal, String segment) {
        return literal.equals(segment);
    }

    /** Returns whether a segment is never the value of a parameter. */
    default boolean isReserved(Segment segment) {
        return segment.text().isEmpty();
    }

    /** Returns the error for a path that no pattern matches. */
    default Refusal notFound(String path, List<Segment> segments) {
        return Refusal.notFound(
                "The path " + InputLimits.excerpt(path) + " does not exist. GET /openapi.json lists the routes.");
    }
}
