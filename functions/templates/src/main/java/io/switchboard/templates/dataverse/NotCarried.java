package io.switchboard.templates.dataverse;

import java.util.ArrayList;
import java.util.List;

/**
 * A kind of content that an import does not carry for one reason.
 *
 * @param target the first row or column that has it
 * @param message the reason and the alternative, for the first row
 * @param count the number of rows
 * @param rows the first five rows
 */
public record NotCarried(String target, String message, int count, List<String> rows) {
    private static final int ROWS = 5;

    /** Copies the rows. */
    public NotCarried {
        rows = List.copyOf(rows);
    }

    static NotCarried first(String target, String message) {
        return new NotCarried(target, message, 1, List.of(target));
    }

    NotCarried and(String another) {
        if (rows.size() == ROWS) {
            return new NotCarried(target, message, count + 1, rows);
        }
        List<String> more = new ArrayList<>(rows);
        more.add(another);
        return new NotCarried(target, message, count + 1, more);
    }
}
