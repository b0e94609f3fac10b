package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.store.StartOrder;
import io.switchboard.json.Violations;
import io.switchboard.text.InputLimits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parses {@code $orderby} of call records. Orders that no index has are rejected by name. */
public final class RecordOrder {
    public static final String ORDER_BY = "$orderby";

    private static final String INVALID_VALUE = "invalidValue";
    private static final List<String> SUPPORTED = List.of("startDateTime", "startDateTime asc", "startDateTime desc");

    private RecordOrder() {}

    /** Parses the order of a list, and notes its violations. */
    public static StartOrder parse(@Nullable String text, Violations violations) {
        String order = text == null ? SUPPORTED.getFirst() : text.strip();
        if (order.startsWith("lastModifiedDateTime")) {
            violations.add(
                    INVALID_VALUE,
                    ORDER_BY,
                    "$orderby by lastModifiedDateTime is not supported: sources choose its value, and no index has it."
                            + " To follow changes, use GET /communications/callRecords/delta. Or send one of",
                    SUPPORTED);
        } else if (!SUPPORTED.contains(order)) {
            violations.add(
                    INVALID_VALUE,
                    ORDER_BY,
                    "$orderby has the value " + InputLimits.excerpt(order) + ", which is not supported. Send one of",
                    SUPPORTED);
        }
        return order.equals("startDateTime desc") ? StartOrder.DESCENDING : StartOrder.ASCENDING;
    }
}
