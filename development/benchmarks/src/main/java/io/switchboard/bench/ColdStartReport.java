package io.switchboard.bench;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The tables of the benchmark of the deployed functions, as Markdown, and its comparison with the budgets. */
final class ColdStartReport {
    private static final double BUSY = 1.2;

    private final List<Measurement> starts;
    private final List<RequestCost> costs;

    ColdStartReport(List<Measurement> starts, List<RequestCost> costs) {
        this.starts = starts;
        this.costs = costs;
    }

    /** Returns the tables, and a warning if other programs used the processors. */
    String text() {
        StringBuilder text = new StringBuilder("""

                | | Cold ms | Ratio to empty | Processor ms | RSS MB | Classes | After restore ms | Warm ms | Ratio to warm | Request: processor ms | Request: allocated KB | Zip MB |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
                """);
        starts.forEach(start -> text.append(row(start)));
        text.append("""

                | Request | Processor ms | Allocated KB | Baseline: processor ms | Ratio | Baseline: allocated KB | Ratio |
                |---|---:|---:|---:|---:|---:|---:|
                """);
        costs.stream().filter(cost -> !cost.isBaseline()).forEach(cost -> text.append(row(cost)));
        return text.append(busy()).toString();
    }

    private String row(Measurement start) {
        Variant variant = start.variant();
        boolean isRestored = variant.form() == Form.RESTORED;
        String first = number(1, start.of(Measurement.Run::first).median());
        Optional<RequestCost> cost = isRestored
                ? costs.stream()
                        .filter(candidate -> candidate.request().function().equals(variant.name())
                                && candidate.isBaseline() == variant.isBaseline())
                        .findFirst()
                : Optional.empty();
        return "| "
                + String.join(
                        " | ",
                        label(variant),
                        isRestored
                                ? "–"
                                : number(0, start.of(Measurement.Run::first).median()),
                        empty(variant.form())
                                .map(empty -> number(1, start.ratioTo(empty, Measurement.Run::first)))
                                .orElse("–"),
                        number(0, start.of(Measurement.Run::processor).median()),
                        number(0, start.of(Measurement.Run::residentMegabytes).median()),
                        Integer.toString(start.loadedClasses()),
                        isRestored ? first : "–",
                        number(1, start.of(Measurement.Run::warm).median()),
                        isRestored ? number(1, start.firstToWarm()) : "–",
                        cost.map(of -> number(2, of.processor())).orElse("–"),
                        cost.map(of -> number(0, of.kilobytes())).orElse("–"),
                        variant.zipBytes().isPresent()
                                ? number(1, variant.zipBytes().getAsLong() / 1e6)
                                : "–")
                + " |\n";
    }

    private String row(RequestCost cost) {
        Optional<RequestCost> baseline = baseline(cost);
        return "| "
                + String.join(
                        " | ",
                        cost.request().name(),
                        number(2, cost.processor()),
                        number(0, cost.kilobytes()),
                        baseline.map(old -> number(2, old.processor())).orElse("–"),
                        baseline.map(old -> number(2, cost.processor() / old.processor()))
                                .orElse("–"),
                        baseline.map(old -> number(0, old.kilobytes())).orElse("–"),
                        baseline.map(old -> number(2, cost.kilobytes() / old.kilobytes()))
                                .orElse("–"))
                + " |\n";
    }

    /** Compares the measured values with the budgets; those relative to a baseline only if there is one. */
    void check(BudgetCheck check) {
        Set<String> zips = new HashSet<>();
        for (Measurement start : starts) {
            Variant variant = start.variant();
            if (variant.isBaseline()) {
                continue;
            }
            if (variant.form() == Form.WITHOUT_SNAP_START && variant.name().equals(Workload.CREATE_SESSION)) {
                empty(variant.form())
                        .ifPresent(empty -> check.add(
                                Budget.COLD_START, variant.name(), start.ratioTo(empty, Measurement.Run::first)));
            }
            if (variant.form() == Form.RESTORED) {
                check.add(Budget.FIRST_AFTER_RESTORE, variant.name(), start.firstToWarm());
            }
            if (variant.zipBytes().isPresent() && zips.add(variant.name())) {
                check.add(Budget.ZIP, variant.name(), variant.zipBytes().getAsLong() / 1e6);
            }
            baseline(start).ifPresent(old -> compare(check, start, old));
        }
        for (RequestCost cost : costs) {
            if (!cost.isBaseline()) {
                baseline(cost).ifPresent(old -> {
                    String name = cost.request().name();
                    check.add(
                            name.equals(Workload.DESK) ? Budget.DESK : Budget.TIME,
                            name + ", processor time",
                            cost.processor() / old.processor());
                    check.add(Budget.ALLOCATION, name, cost.kilobytes() / old.kilobytes());
                });
            }
        }
    }

    private static void compare(BudgetCheck check, Measurement start, Measurement old) {
        String label = label(start.variant());
        check.add(Budget.TIME, label + ", first response", start.ratioTo(old, Measurement.Run::first));
        check.add(Budget.TIME, label + ", warm", start.ratioTo(old, Measurement.Run::warm));
        check.add(Budget.CLASSES, label, ratio(start.loadedClasses(), old.loadedClasses()));
    }

    /** Returns the ratio of two counts. After a restore the older count can be zero. */
    private static double ratio(int now, int before) {
        return (double) now / Math.max(before, 1);
    }

    private Optional<Measurement> empty(Form form) {
        Form reference = form == Form.WITHOUT_SNAP_START_TLS ? Form.WITHOUT_SNAP_START : form;
        return starts.stream()
                .filter(start -> start.variant().name().equals(EmptyHandler.NAME)
                        && start.variant().form() == reference)
                .findFirst();
    }

    private Optional<Measurement> baseline(Measurement current) {
        return starts.stream()
                .filter(start -> start.variant().isBaseline()
                        && start.variant().name().equals(current.variant().name())
                        && start.variant().form() == current.variant().form())
                .findFirst();
    }

    private Optional<RequestCost> baseline(RequestCost current) {
        return costs.stream()
                .filter(cost -> cost.isBaseline()
                        && cost.request().name().equals(current.request().name()))
                .findFirst();
    }

    /**
     * Returns a warning if other programs used the processors: an empty handler then takes far longer than its
     * processor time.
     */
    private String busy() {
        return empty(Form.WITHOUT_SNAP_START)
                .filter(empty -> empty.of(Measurement.Run::first).median()
                        > empty.of(Measurement.Run::processor).median() * BUSY)
                .map(empty -> String.format(
                        Locale.ROOT,
                        "%nThe machine was busy: an empty handler took %.0f ms for %.0f ms of work. The times are"
                                + " unreliable. Use the processor times, or run again.%n",
                        empty.of(Measurement.Run::first).median(),
                        empty.of(Measurement.Run::processor).median()))
                .orElse("");
    }

    private static String label(Variant variant) {
        return variant.name() + ", " + variant.form().label() + (variant.isBaseline() ? ", baseline" : "");
    }

    private static String number(int decimals, double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
