package io.switchboard.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares measured values with the budgets. */
final class BudgetCheck {
    private final Map<Budget, Double> limits;
    private final List<String> lines = new ArrayList<>();
    private final List<String> exceeded = new ArrayList<>();

    BudgetCheck(Map<Budget, Double> limits) {
        this.limits = limits;
    }

    /**
     * Adds a measured value.
     *
     * @param subject the function or the request
     */
    void add(Budget budget, String subject, double measured) {
        double limit = limits.getOrDefault(budget, 0.0);
        boolean isWithin = measured <= limit;
        String line = String.format(
                Locale.ROOT,
                "* %s (%s): %.2f, at most %.2f%s",
                budget.measure(),
                subject,
                measured,
                limit,
                isWithin ? "" : ": EXCEEDED");
        lines.add(line);
        if (!isWithin) {
            exceeded.add(line);
        }
    }

    boolean isWithin() {
        return exceeded.isEmpty();
    }

    /** Returns a line for each value, and the exceeded ones again at the end. */
    String text() {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        text.append('\n')
                .append(exceeded.isEmpty() ? "All budgets hold." : exceeded.size() + " budgets are exceeded:")
                .append('\n');
        exceeded.forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
