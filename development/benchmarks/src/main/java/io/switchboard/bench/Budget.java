package io.switchboard.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A budget. Its limit is in the table of {@code docs/explanation/architecture.md}, section "Budgets", in the row with
 * its {@link #measure}.
 */
enum Budget {
    COLD_START("Cold start of `CreateSession` without SnapStart, compared with the empty handler"),
    FIRST_AFTER_RESTORE("First response of a function after a restore, compared with its warm median"),
    ZIP("Deployed zip of a function, in MB"),
    DESK("Processor time of `GET /desk` with ten open sessions, compared with the baseline"),
    TIME("Any other time, compared with the baseline"),
    CLASSES("Loaded classes, compared with the baseline"),
    ALLOCATION("Allocated bytes of a request, compared with the baseline");

    /** A row of the table: a measure, and a limit such as {@code ≤ 5.0}. */
    private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\| ≤ ([0-9.]+)[^|]* \\|");

    private final String measure;

    Budget(String measure) {
        this.measure = measure;
    }

    /** Returns how the document names the budget. */
    String measure() {
        return measure;
    }

    /**
     * Reads the limits of all budgets.
     *
     * @param root folder of the checkout
     * @throws BenchException if the document has no limit for a budget
     */
    static Map<Budget, Double> limits(Path root) {
        Path document = root.resolve(Path.of("docs", "explanation", "architecture.md"));
        try {
            return limits(Files.readAllLines(document));
        } catch (IOException e) {
            throw new BenchException("The budgets in " + document + " cannot be read: " + e.getMessage(), e);
        }
    }

    static Map<Budget, Double> limits(List<String> document) {
        Map<Budget, Double> limits = new EnumMap<>(Budget.class);
        for (String line : document) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                for (Budget budget : values()) {
                    if (budget.measure.equals(row.group(1))) {
                        limits.put(budget, Double.valueOf(row.group(2)));
                    }
                }
            }
        }
        for (Budget budget : values()) {
            if (!limits.containsKey(budget)) {
                throw new BenchException("The table of budgets has no row \"" + budget.measure
                        + "\" with a limit such as ≤ 5.0. Add it to docs/explanation/architecture.md.");
            }
        }
        return limits;
    }
}
