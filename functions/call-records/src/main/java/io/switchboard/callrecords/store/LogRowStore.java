package io.switchboard.callrecords.store;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.PositionForm;
import java.time.Instant;
import java.util.List;

/**
 * Stores rows of logs. No data of one tenant is reachable from another. Expired rows are absent. A row is read as soon
 * as it is stored.
 *
 * <p>Faults are {@link io.switchboard.runtime.Unavailable}. Thread-safe.
 */
public interface LogRowStore {
    /** The largest row, in bytes of JSON. */
    int LARGEST_ROW = 64 * 1_024;

    /**
     * Stores rows. A row with a new id is created, a different row with the same id is replaced, and an equal one is
     * not changed, so that it also keeps its expiry.
     *
     * <p>Up to 50 rows are stored at once. After a fault, some rows may be stored: the caller repeats the request.
     *
     * @param rows at most 1,000; each of at most {@link #LARGEST_ROW}
     */
    LogRowCounts put(String tenant, LogRowKind kind, List<LogRow> rows, Instant now);

    /** Lists rows by time, then id. A page may be short and still have a next page. */
    Page<LogRow> list(LogRowRange range, PageRequest page, Instant now);

    /** Counts the rows of a range. */
    long count(LogRowRange range, Instant now);

    /** Returns the position after a row in a list. */
    static String position(LogRow row) {
        return row.time().key() + '#' + Keys.join(row.id());
    }

    /** Returns whether {@link #list} may issue this position: the time and the id of a row. */
    static boolean isPosition(String position) {
        int end = position.indexOf('#');
        if (end < 0) {
            return false;
        }
        String time = position.substring(0, end);
        return GraphInstant.of(time + "Z").filter(at -> at.key().equals(time)).isPresent()
                && PositionForm.key(CallRecordKey.LONGEST_ID).fits(position.substring(end + 1));
    }
}
