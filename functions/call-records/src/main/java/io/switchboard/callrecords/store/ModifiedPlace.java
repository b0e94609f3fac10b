package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.storage.Keys;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sort keys of the index of modifications: {@code lastModifiedDateTime}, then the id of the call record. */
final class ModifiedPlace {
    private ModifiedPlace() {}

    /** Returns the place that the content of a record determines; empty if the content has no time. */
    static Optional<String> of(CallRecordKey record, Map<String, @Nullable Object> content) {
        return content.get(ListOrder.Time.LAST_MODIFIED.property()) instanceof String time
                ? GraphInstant.of(time).map(instant -> at(instant, record))
                : Optional.empty();
    }

    /** Returns the place of a record that this process modified at a time. */
    static String of(CallRecordKey record, Instant at) {
        return at(GraphInstant.of(at.toString()).orElseThrow(), record);
    }

    private static String at(GraphInstant instant, CallRecordKey record) {
        return instant.key() + "#" + Keys.join(record.id());
    }
}
