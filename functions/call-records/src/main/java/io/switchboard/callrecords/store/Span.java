package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From when to when something lasted. An end before the start is possible: nothing in Graph's model forbids it.
 *
 * @param startText the start as it was sent
 * @param endText the end as it was sent
 */
record Span(GraphInstant start, String startText, GraphInstant end, String endText) {
    private static final String START = "startDateTime";
    private static final String END = "endDateTime";

    /** The span that content tells. */
    static Span of(Map<String, @Nullable Object> content) {
        return of(content, instant(content, START), instant(content, END));
    }

    /** The span that content tells, whose instants are known. */
    static Span of(Map<String, @Nullable Object> content, GraphInstant start, GraphInstant end) {
        return new Span(start, text(content, START), end, text(content, END));
    }

    /** The shortest span that holds both; where they agree, this one's words stay. */
    Span widenedBy(Span other) {
        boolean isEarlier = other.start.compareTo(start) < 0;
        boolean isLater = other.end.compareTo(end) > 0;
        return new Span(
                isEarlier ? other.start : start,
                isEarlier ? other.startText : startText,
                isLater ? other.end : end,
                isLater ? other.endText : endText);
    }

    /** The content, lasting so. */
    void tell(Map<String, @Nullable Object> content) {
        content.put(START, startText);
        content.put(END, endText);
    }

    private static GraphInstant instant(Map<String, @Nullable Object> content, String name) {
        return GraphInstant.of(text(content, name))
                .orElseThrow(() -> new IllegalStateException("Content whose " + name + " is no instant"));
    }

    private static String text(Map<String, @Nullable Object> content, String name) {
        if (content.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("Content without " + name);
    }
}
