package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.GraphInstant;
import java.util.Optional;

/** The instants of a {@code $filter}: the seconds are optional, and a date means its midnight in UTC, as in OData. */
final class FilterInstant {
    private static final int DATE = "2026-03-04".length();
    private static final int MINUTES = "2026-03-04T09:15".length();

    private FilterInstant() {}

    /** Parses an instant; empty if the text is neither an Edm.DateTimeOffset nor an Edm.Date. */
    static Optional<GraphInstant> of(String text) {
        if (text.length() == DATE) {
            return GraphInstant.of(text + "T00:00:00Z");
        }
        boolean hasNoSeconds = text.length() > MINUTES && "Z+-".indexOf(text.charAt(MINUTES)) >= 0;
        return GraphInstant.of(hasNoSeconds ? text.substring(0, MINUTES) + ":00" + text.substring(MINUTES) : text);
    }
}
