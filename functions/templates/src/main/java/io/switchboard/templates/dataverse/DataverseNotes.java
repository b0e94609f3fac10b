package io.switchboard.templates.dataverse;

import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the content that an import does not carry, by kind and reason. Not thread-safe. */
final class DataverseNotes {
    /** The most kinds in a response; the last entry counts the rest. */
    static final int MAXIMUM = 200;

    private static final int MAXIMUM_COLUMNS = 100;

    private final Map<String, NotCarried> notes = new LinkedHashMap<>();
    private final Set<String> bookkeeping = new LinkedHashSet<>();
    private @Nullable NotCarried rowsWithBookkeeping;
    private int left;

    /**
     * Adds content that is not carried.
     *
     * @param kind the kind of content, such as a table and a column
     * @param reason the reason, which is the same for all rows of one entry
     * @param message the message for the first row
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

    /** Adds the system columns of one row. One entry lists them for all rows. */
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

    /** Returns all entries, in the order in which they were added. */
    List<NotCarried> all() {
        List<NotCarried> all = new ArrayList<>(notes.values());
        if (left > 0) {
            all.add(new NotCarried(
                    "value",
                    left + " more rows are not carried, for other reasons. Import fewer rows at once to see all.",
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
