package io.switchboard.callrecords.model;

import java.util.Optional;

/**
 * An Edm.DateTimeOffset as an instant: any offset, up to 12 fractional digits, years 0000 to 9999 in UTC
 * ({@code graph-callrecords.md} §A.6).
 *
 * @param key the instant in UTC as text that sorts as instants do, without trailing zeros of the fraction and without zone:
 *     {@code 2026-03-04T09:15:02.441}. It holds none of {@code # % /}
 */
@SuppressWarnings("DoNotCallSuggester")
public record GraphInstant(String key) implements Comparable<GraphInstant> {
    /** The instant that a text names; nothing where it is no Edm.DateTimeOffset, such as on 30 February. */
    public static Optional<GraphInstant> of(String text) {
        throw new UnsupportedOperationException();
    }

    /** The day in UTC, {@code 2026-03-04}. */
    public String day() {
        return key.substring(0, 10);
    }

    @Override
    public int compareTo(GraphInstant other) {
        return key.compareTo(other.key);
    }
}
