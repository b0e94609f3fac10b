package io.switchboard.templates.dataverse;

import io.switchboard.http.Violation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What of Dataverse's rows is not carried, as the caller is told. Not thread-safe. */
final class DataverseNotes {
    static final String NOT_CARRIED = "notCarried";

    /** An answer has room for so many; the last says how many more there are. */
    static final int MAXIMUM = 1_000;

    private final List<Violation> notes = new ArrayList<>();
    private final Set<String> bookkeeping = new LinkedHashSet<>();
    private int left;

    /** Notes what is not carried. */
    void add(String target, String message) {
        if (notes.size() < MAXIMUM) {
            notes.add(new Violation(NOT_CARRIED, message, target));
        } else {
            left++;
        }
    }

    /** Notes a column in which Dataverse keeps its books on a row: told once for all rows. */
    void addBookkeeping(String column) {
        bookkeeping.add(column);
    }

    /** All of it, in the order it was noted. */
    List<Violation> all() {
        List<Violation> all = new ArrayList<>(notes);
        if (left > 0) {
            all.add(new Violation(
                    NOT_CARRIED,
                    "There are " + left + " more of these. Import fewer rows at once to see all.",
                    "value"));
        }
        if (!bookkeeping.isEmpty()) {
            all.add(new Violation(
                    NOT_CARRIED,
                    "GUIDs, owners, dates, versions and solutions of the rows stay in Dataverse; templates get their own here."
                            + " Keep the rows where you need them: " + String.join(", ", bookkeeping) + ".",
                    "value"));
        }
        return all;
    }
}
