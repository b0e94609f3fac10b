package io.switchboard.templates.dataverse;

import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an import does not carry, by kind and reason. Not thread-safe. */
final class DataverseNotes {
    /** An answer has at most this many kinds; the last entry counts the rest. */
    static final int MAXIMUM = 200;

    private static final int MAXIMUM_COLUMNS = 100;

    private final Map<String, NotCarried> notes = new LinkedHashMap<>();
    private final Set<String> bookkeeping = new LinkedHashSet<>();
    private @Nullable NotCarried rowsWithBookkeeping;
    private int left;

    /**
     * Notes what is not carried.
     *
     * @param kind what it is, such as a table and a column
     * @param reason why; the same for all places of one entry
     * @param message for the first place
     */
    void add(String kind, String reason, String target, String message) {
        String key = kind + '\n' + reason;
        @Nullable NotCarried known = notes.get(key);
        if (known != null) {
            notes.put(key, known.and(target));
        } else if (notes.size() < MAXIMUM) {
            notes.put(key, NotCarried.first(target, message));
        } else {
            left++;
        }
    }

    /** Notes the columns of one row that Dataverse keeps for itself: one entry lists them for all rows. */
    void addBookkeeping(String row, Set<String> columns) {
        if (columns.isEmpty()) {
            return;
        }
        for (String column : columns) {
            if (bookkeeping.size() < MAXIMUM_COLUMNS) {
                bookkeeping.add(InputLimits.excerpt(column));
            }
        }
        rowsWithBookkeeping = rowsWithBookkeeping == null ? NotCarried.first(row, "") : rowsWithBookkeeping.and(row);
    }

    /** All of it, in the order it was noted. */
    List<NotCarried> all() {
        List<NotCarried> all = new ArrayList<>(notes.values());
        if (left > 0) {
            all.add(new NotCarried(
                    "value",
                    left + " more places are not carried, for other reasons. Import fewer rows at once to see all.",
                    left,
                    List.of()));
        }
        if (rowsWithBookkeeping != null) {
            all.add(new NotCarried(
                    "value",
                    "GUIDs, owners, dates, versions and solutions of rows are not carried; templates get their own."
                            + " Keep the rows if you need these columns: " + String.join(", ", bookkeeping) + ".",
                    rowsWithBookkeeping.count(),
                    rowsWithBookkeeping.rows()));
        }
        return all;
    }
}
