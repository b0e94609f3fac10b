package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A time span. The end may be before the start: Graph's model does not forbid it.
 *
 * @param startText the start, as it was sent
 * @param endText the end, as it was sent
 */
record Span(GraphInstant start, String startText, GraphInstant end, String endText) {
    private static final String START = "startDateTime";
    private static final String END = "endDateTime";

    /** Returns the span of content. */
    static Span of(Map<String, @Nullable Object> content) {
        return of(content, instant(content, START), instant(content, END));
    }

    /** Returns the span of content whose instants were already parsed. */
    static Span of(Map<String, @Nullable Object> content, GraphInstant start, GraphInstant end) {
        return new Span(start, text(content, START), end, text(content, END));
    }

    /** Returns the shortest span that includes both. If an instant is the same, this span's text is kept. */
    Span widenedBy(Span other) {
        boolean isEarlier = other.start.compareTo(start) < 0;
        boolean isLater = other.end.compareTo(end) > 0;
        return new Span(
                isEarlier ? other.start : start,
                isEarlier ? other.startText : startText,
                isLater ? other.end : end,
                isLater ? other.endText : endText);
    }

    /** Writes the span into content. */
    void writeTo(Map<String, @Nullable Object> content) {
        content.put(START, startText);
        content.put(END, endText);
    }

    private static GraphInstant instant(Map<String, @Nullable Object> content, String name) {
        return GraphInstant.of(text(content, name))
                .orElseThrow(() -> new IllegalStateException("The " + name + " of stored content is not an instant"));
    }

    private static String text(Map<String, @Nullable Object> content, String name) {
        if (content.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("Stored content lacks " + name);
    }
}
