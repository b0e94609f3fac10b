package io.switchboard.bench;

import java.util.List;
import java.util.Locale;

/** The table and the budgets of the cold-start bench, as Markdown. */
final class ColdStartReport {
    private static final double WITHOUT_CACHE = 9;
    private static final double WITHOUT_CACHE_GOAL = 7.5;
    private static final double WITH_CACHE = 4.5;
    private static final double WITH_CACHE_GOAL = 3.5;
    private static final double FIRST_TO_WARM = 3;
    private static final double ZIP_MEGABYTES = 10;
    private static final double BUSY = 1.2;

    private final Measurement empty;
    private final Measurement create;
    private final Measurement cachedEmpty;
    private final Measurement cachedCreate;
    private final Measurement primedCreate;

    ColdStartReport(
            Measurement empty,
            Measurement create,
            Measurement cachedEmpty,
            Measurement cachedCreate,
            Measurement primedCreate) {
        this.empty = empty;
        this.create = create;
        this.cachedEmpty = cachedEmpty;
        this.cachedCreate = cachedCreate;
        this.primedCreate = primedCreate;
    }

    String text() {
        return table() + "\n" + primed() + "\n" + budgets() + busy();
    }

    private String table() {
        StringBuilder text = new StringBuilder("""
                | | start ms | first answer ms | min–max | to empty | processor ms | to empty | warm ms | classes | zip MB |
                |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|
                """);
        text.append(row(empty, empty)).append(row(create, empty));
        return text.append(row(cachedEmpty, cachedEmpty))
                .append(row(cachedCreate, cachedEmpty))
                .toString();
    }

    private static String row(Measurement measured, Measurement reference) {
        return String.format(
                Locale.ROOT,
                "| %s | %.0f | %.0f | %s | %.1f | %.0f | %.1f | %s | %d | %s |\n",
                measured.variant().name(),
                measured.start().median(),
                measured.firstAnswer().median(),
                measured.firstAnswer().range(),
                measured.ratioTo(reference),
                measured.processor().median(),
                measured.processorRatioTo(reference),
                String.format(Locale.ROOT, "%.1f", measured.warm().median()),
                measured.loadedClasses(),
                zip(measured));
    }

    private String primed() {
        return String.format(
                Locale.ROOT,
                "%s: ready for the snapshot after %.0f ms; first response after the restore %.0f ms (%s), warm"
                        + " response %.1f ms.\n",
                primedCreate.variant().name(),
                primedCreate.start().median(),
                primedCreate.firstAnswer().median(),
                primedCreate.firstAnswer().range(),
                primedCreate.warm().median());
    }

    private String budgets() {
        StringBuilder text = new StringBuilder();
        for (String budget : List.of(
                budget(
                        "Cold start without an AOT cache, relative to the empty handler",
                        create.ratioTo(empty),
                        WITHOUT_CACHE,
                        goal(create.ratioTo(empty), WITHOUT_CACHE_GOAL)),
                budget(
                        "Cold start with an AOT cache, relative to the empty handler with one",
                        cachedCreate.ratioTo(cachedEmpty),
                        WITH_CACHE,
                        goal(cachedCreate.ratioTo(cachedEmpty), WITH_CACHE_GOAL)),
                budget(
                        "First request after priming, relative to the warm median",
                        primedCreate.firstToWarm(),
                        FIRST_TO_WARM,
                        ""),
                budget(
                        "Deployed zip, in MB",
                        megabytes(create.variant().zipBytes().orElse(0)),
                        ZIP_MEGABYTES,
                        ""))) {
            text.append(budget);
        }
        return text.toString();
    }

    /**
     * Returns a warning if other programs used the processors: an empty handler then takes far longer than its
     * processor time.
     */
    private String busy() {
        double wall = empty.firstAnswer().median();
        double processor = empty.processor().median();
        return wall <= processor * BUSY
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%nThe machine was busy: an empty handler took %.0f ms for %.0f ms of work. The times are"
                                + " unreliable. Use the processor ratios, or run again.%n",
                        wall,
                        processor);
    }

    private static String budget(String name, double measured, double limit, String more) {
        double margin = (limit - measured) / limit * 100;
        return margin >= 0
                ? String.format(
                        Locale.ROOT,
                        "* %s: %.2f of %.1f: within the budget, %.0f %% below%s\n",
                        name,
                        measured,
                        limit,
                        margin,
                        more)
                : String.format(
                        Locale.ROOT,
                        "* %s: %.2f of %.1f: OVER the budget, %.0f %% above%s\n",
                        name,
                        measured,
                        limit,
                        -margin,
                        more);
    }

    private static String goal(double measured, double goal) {
        return "; goal " + goal + (measured <= goal ? " reached" : " not reached");
    }

    private static String zip(Measurement measured) {
        return measured.variant().zipBytes().isPresent()
                ? String.format(
                        Locale.ROOT,
                        "%.1f",
                        megabytes(measured.variant().zipBytes().getAsLong()))
                : "–";
    }

    private static double megabytes(long bytes) {
        return bytes / 1e6;
    }
}
