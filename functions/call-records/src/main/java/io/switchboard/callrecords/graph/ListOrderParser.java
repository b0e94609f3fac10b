package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.store.ListOrder;
import io.switchboard.callrecords.store.SortDirection;
import io.switchboard.json.Violations;
import io.switchboard.text.InputLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses {@code $orderby} of call records. An order that no index has is rejected by name. */
public final class ListOrderParser {
    public static final String ORDER_BY = "$orderby";

    private static final String DESCENDING = " desc";
    private static final List<String> SUPPORTED = List.of(
            "startDateTime",
            "startDateTime asc",
            "startDateTime desc",
            "lastModifiedDateTime",
            "lastModifiedDateTime asc",
            "lastModifiedDateTime desc");

    private ListOrderParser() {}

    /** Parses the order of a list, and notes its violations. */
    public static ListOrder parse(@Nullable String text, Violations violations) {
        String order = text == null ? SUPPORTED.getFirst() : text.strip();
        if (!SUPPORTED.contains(order)) {
            violations.add(
                    "invalidValue",
                    ORDER_BY,
                    "$orderby has the value " + InputLimits.excerpt(order) + ", which is not supported. Send one of",
                    SUPPORTED);
            return ListOrder.BY_START;
        }
        return new ListOrder(
                order.startsWith(ListOrder.Time.START.property()) ? ListOrder.Time.START : ListOrder.Time.LAST_MODIFIED,
                order.endsWith(DESCENDING) ? SortDirection.DESCENDING : SortDirection.ASCENDING);
    }
}
