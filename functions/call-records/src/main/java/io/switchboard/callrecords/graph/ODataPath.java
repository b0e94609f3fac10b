package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.http.PathSyntax;
import io.switchboard.http.Refusal;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The paths of Graph's routes. A key follows its collection as a segment or in parentheses: {@code sessions/4711},
 * {@code sessions('4711')} and {@code sessions(id='4711')} are the same resource. The parameters of a function are a
 * separate segment, marked like such a key; its namespace, and parentheses without parameters, may be left out. The
 * case of literal segments does not matter.
 */
public final class ODataPath implements PathSyntax {
    private static final Set<String> COLLECTIONS =
            Set.of("callrecords", "sessions", "segments", "participants_v2", "subscriptions");
    private static final String KEY_NAME = "id=";
    private static final String QUOTE = "'";
    private static final String DELTA = "delta";
    private static final String NAMESPACE = "microsoft.graph.";
    private static final String OWN_NAMESPACE = "microsoft.graph.callrecords.";

    /**
     * Content of parentheses.
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
            int nameEnd = parenthesis < 0 ? end : Math.min(parenthesis, end);
            String name = path.substring(begin, nameEnd);
            boolean isFunction = isFunction(name);
            @Nullable Key key = null;
            if (nameEnd < end && isFunction) {
                key = parameters(path, nameEnd + 1, end);
            } else if (nameEnd < end && isCollection(name)) {
                key = key(path, nameEnd + 1);
            }
            String text = path.substring(begin, key == null ? end : nameEnd);
            segments.add(new Segment(isFunction ? withoutNamespace(text) : text, false));
            boolean isCallWithoutParameters = isFunction && key != null && key.text.isEmpty();
            if (key != null && !isCallWithoutParameters) {
                segments.add(new Segment(key.text, true));
            }
            begin = (key == null ? end : key.end) + 1;
        }
        return segments;
    }

    /** Returns the parameters of a function that end its segment; null if the parenthesis is not closed. */
    private static @Nullable Key parameters(String path, int begin, int end) {
        return path.charAt(end - 1) == ')' ? new Key(path.substring(begin, end - 1), end) : null;
    }

    private static boolean isFunction(String name) {
        String own = withoutNamespace(name);
        return own.equalsIgnoreCase(DELTA) || log(own, LogRowKind::function) != null;
    }

    /** Returns the name of an operation without the namespace of the call records or that of Graph. */
    private static String withoutNamespace(String name) {
        for (String namespace : List.of(OWN_NAMESPACE, NAMESPACE)) {
            if (name.regionMatches(true, 0, namespace, 0, namespace.length())) {
                return name.substring(namespace.length());
            }
        }
        return name;
    }

    /** Returns the log with this name, which is not case-sensitive; null if there is none. */
    private static @Nullable LogRowKind log(String name, Function<LogRowKind, String> nameOf) {
        for (LogRowKind kind : LogRowKind.values()) {
            if (nameOf.apply(kind).equalsIgnoreCase(name)) {
                return kind;
            }
        }
        return null;
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

    /** Returns whether a segment is never an id, because it names an operation of OData or Graph, or a log. */
    static boolean isReserved(String segment) {
        return segment.startsWith("$")
                || segment.regionMatches(true, 0, NAMESPACE, 0, NAMESPACE.length())
                || isFunction(beforeParenthesis(segment))
                || log(segment, LogRowKind::collection) != null;
    }

    private static String beforeParenthesis(String segment) {
        int parenthesis = segment.indexOf('(');
        return parenthesis < 0 ? segment : segment.substring(0, parenthesis);
    }

    @Override
    public Refusal notFound(String path, List<Segment> segments) {
        for (Segment segment : segments) {
            if (!segment.isKey() && isReserved(segment.text())) {
                String text = InputLimits.excerpt(segment.text());
                @Nullable LogRowKind log = log(beforeParenthesis(segment.text()), LogRowKind::function);
                return Refusal.notFound(text + " is not supported at this path."
                        + (log == null
                                ? " GET /openapi.json lists the routes."
                                : " Use GET " + GraphRequest.CALL_RECORDS + "/" + log.function()
                                        + "(fromDateTime=2026-11-01,toDateTime=2026-11-30).")
                        + " Send an id of this name in parentheses: ('" + text + "').");
            }
        }
        return PathSyntax.super.notFound(path, segments);
    }
}
