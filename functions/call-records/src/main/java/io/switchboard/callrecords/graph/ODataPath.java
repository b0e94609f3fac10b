package io.switchboard.callrecords.graph;

import io.switchboard.http.PathSyntax;
import io.switchboard.http.Refusal;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The paths of Graph's routes. A key follows its collection as a segment or in parentheses: {@code sessions/4711},
 * {@code sessions('4711')} and {@code sessions(id='4711')} are the same resource. The case of literal segments does not
 * matter.
 */
public final class ODataPath implements PathSyntax {
    private static final Set<String> COLLECTIONS =
            Set.of("callrecords", "sessions", "segments", "participants_v2", "subscriptions");
    private static final String KEY_NAME = "id=";
    private static final String QUOTE = "'";
    private static final String DELTA = "delta";
    private static final String NAMESPACE = "microsoft.graph.";
    /** Graph's functions for rows of other sources have their own errors. */
    private static final String FUNCTIONS = "microsoft.graph.callrecords.get";

    /**
     * A key in parentheses.
     *
     * @param end the index after the closing parenthesis
     */
    private record Key(String text, int end) {}

    /** Finds the quotes before it splits at {@code /}, because API Gateway has decoded {@code %2F} in them. */
    @Override
    public List<Segment> segments(String path) {
        List<Segment> segments = new ArrayList<>();
        int begin = 0;
        while (begin <= path.length()) {
            int slash = path.indexOf('/', begin);
            int end = slash < 0 ? path.length() : slash;
            int parenthesis = path.indexOf('(', begin);
            @Nullable Key key = null;
            if (parenthesis > begin && parenthesis < end && isCollection(path.substring(begin, parenthesis))) {
                key = key(path, parenthesis + 1);
            }
            if (key == null) {
                segments.add(new Segment(path.substring(begin, end), false));
                begin = end + 1;
            } else {
                segments.add(new Segment(path.substring(begin, parenthesis), false));
                segments.add(new Segment(key.text, true));
                begin = key.end + 1;
            }
        }
        return segments;
    }

    private static boolean isCollection(String name) {
        return COLLECTIONS.contains(name.toLowerCase(Locale.ROOT));
    }

    /** Returns the quoted key that ends its segment; null if there is none. Two quotes in it are one. */
    private static @Nullable Key key(String path, int begin) {
        int at = path.startsWith(KEY_NAME, begin) ? begin + KEY_NAME.length() : begin;
        if (at == path.length() || !path.startsWith(QUOTE, at)) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (at++; at < path.length(); at++) {
            char c = path.charAt(at);
            boolean isQuote = path.startsWith(QUOTE, at);
            if (isQuote && path.startsWith("''", at)) {
                at++;
            } else if (isQuote) {
                int end = at + 2;
                boolean isClosed = path.startsWith("')", at) && (end == path.length() || path.charAt(end) == '/');
                return isClosed ? new Key(text.toString(), end) : null;
            }
            text.append(c);
        }
        return null;
    }

    @Override
    public boolean isSame(String literal, String segment) {
        return literal.equalsIgnoreCase(segment);
    }

    @Override
    public boolean isReserved(Segment segment) {
        return segment.text().isEmpty() || (!segment.isKey() && isReserved(segment.text()));
    }

    /** Returns whether a segment without parentheses is never an id: it names an operation of OData or Graph. */
    static boolean isReserved(String segment) {
        String name = segment.toLowerCase(Locale.ROOT);
        return name.startsWith("$")
                || name.equals(DELTA)
                || (name.startsWith(NAMESPACE) && !name.startsWith(FUNCTIONS));
    }

    @Override
    public Refusal notFound(String path, List<Segment> segments) {
        for (Segment segment : segments) {
            if (!segment.isKey() && isReserved(segment.text())) {
                return Refusal.notFound(InputLimits.excerpt(segment.text()) + " is not supported at this path."
                        + " GET /openapi.json lists the routes. Send an id of this name in parentheses: ('"
                        + InputLimits.excerpt(segment.text()) + "').");
            }
        }
        return PathSyntax.super.notFound(path, segments);
    }
}
