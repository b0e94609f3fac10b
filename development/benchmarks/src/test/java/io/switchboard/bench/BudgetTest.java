package io.switchboard.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The budgets come from the documentation, and an exceeded one is named. */
class BudgetTest {
    static final Path ROOT = Path.of(System.getProperty("switchboard.root", "../.."))
            .toAbsolutePath()
            .normalize();

    private static final double MEGABYTE = 1e6;

    @Test
    void document_has_a_limit_for_each_budget() {
        assertThat(Budget.limits(ROOT))
                .containsOnlyKeys(Budget.values())
                .containsEntry(Budget.COLD_START, 5.0)
                .containsEntry(Budget.FIRST_AFTER_RESTORE, 2.5)
                .containsEntry(Budget.DESK, 0.6)
                .containsEntry(Budget.TIME, 1.05)
                .containsEntry(Budget.CLASSES, 1.02)
                .containsEntry(Budget.ALLOCATION, 1.02);
    }

    @Test
    void missing_row_is_reported_with_its_measure() throws Exception {
        List<String> lines =
                new ArrayList<>(Files.readAllLines(ROOT.resolve(Path.of("docs", "explanation", "architecture.md"))));
        lines.removeIf(line -> line.contains(Budget.DESK.measure()));
        assertThatThrownBy(() -> Budget.limits(lines))
                .isInstanceOf(BenchException.class)
                .hasMessageContaining(Budget.DESK.measure());
    }

    @Test
    void values_at_their_limits_are_within_the_budgets() {
        BudgetCheck check = new BudgetCheck(Budget.limits(ROOT));
        report(500, 25, 0.6, 102, 1.02).check(check);
        assertThat(check.text()).doesNotContain("EXCEEDED").endsWith("All budgets hold.\n");
        assertThat(check.isWithin()).isTrue();
    }

    @Test
    void each_exceeded_budget_is_named() {
        assertExceeded(Budget.COLD_START, "CreateSession", report(501, 25, 0.6, 102, 1.02));
        assertExceeded(Budget.FIRST_AFTER_RESTORE, "CreateSession", report(500, 26, 0.6, 102, 1.02));
        assertExceeded(Budget.DESK, Workload.DESK, report(500, 25, 0.61, 102, 1.02));
        assertExceeded(Budget.CLASSES, "CreateSession", report(500, 25, 0.6, 103, 1.02));
        assertExceeded(Budget.ALLOCATION, Workload.DESK, report(500, 25, 0.6, 102, 1.03));
    }

    @Test
    void time_above_the_baseline_is_named() {
        BudgetCheck check = new BudgetCheck(Budget.limits(ROOT));
        new ColdStartReport(
                        List.of(
                                start("ManageSessions", false, Form.WITHOUT_SNAP_START, 106, 10, 100),
                                start("ManageSessions", true, Form.WITHOUT_SNAP_START, 100, 10, 100)),
                        List.of())
                .check(check);
        assertThat(check.isWithin()).isFalse();
        assertThat(check.text())
                .contains("1 budgets are exceeded:\n* " + Budget.TIME.measure()
                        + " (ManageSessions, without SnapStart, first response): 1.06, at most 1.05: EXCEEDED");
    }

    @Test
    void without_a_baseline_only_the_other_budgets_are_checked() {
        BudgetCheck check = new BudgetCheck(Budget.limits(ROOT));
        new ColdStartReport(
                        List.of(
                                start(EmptyHandler.NAME, false, Form.WITHOUT_SNAP_START, 100, 1, 1),
                                start(Workload.CREATE_SESSION, false, Form.WITHOUT_SNAP_START, 500, 1, 1)),
                        List.of(cost(false, 1, 1)))
                .check(check);
        assertThat(check.text())
                .contains(Budget.COLD_START.measure(), Budget.ZIP.measure())
                .doesNotContain("compared with the baseline");
    }

    @Test
    void tables_have_a_row_for_each_variant_and_request() {
        assertThat(report(500, 25, 0.6, 102, 1.02).text())
                .contains(
                        "| empty handler, without SnapStart | 100 | 1.0 |",
                        "| CreateSession, without SnapStart | 500 | 5.0 |",
                        "| CreateSession, without SnapStart, baseline | 500 |",
                        "| CreateSession, after restore | – | – | 50 | 100 | 1 | 25.0 | 10.0 | 2.5 |",
                        "| " + Workload.DESK + " | 0.60 | 1 | 1.00 | 0.60 | 1 | 1.02 |");
    }

    private static void assertExceeded(Budget budget, String subject, ColdStartReport report) {
        BudgetCheck check = new BudgetCheck(Budget.limits(ROOT));
        report.check(check);
        assertThat(check.isWithin()).as(budget.name()).isFalse();
        assertThat(check.text()).contains("1 budgets are exceeded:\n* " + budget.measure() + " (" + subject);
    }

    /** Returns a report in which the values that are not given are at their limits. */
    private static ColdStartReport report(
            double coldStart, double afterRestore, double deskRatio, int classes, double allocationRatio) {
        return new ColdStartReport(
                List.of(
                        start(EmptyHandler.NAME, false, Form.WITHOUT_SNAP_START, 100, 10, 50),
                        start(Workload.CREATE_SESSION, false, Form.WITHOUT_SNAP_START, coldStart, 10, classes),
                        start(Workload.CREATE_SESSION, true, Form.WITHOUT_SNAP_START, coldStart, 10, 100),
                        start(Workload.CREATE_SESSION, false, Form.RESTORED, afterRestore, 10, 1),
                        start(Workload.CREATE_SESSION, true, Form.RESTORED, afterRestore, 10, 1)),
                List.of(cost(false, deskRatio, allocationRatio), cost(true, 1, 1)));
    }

    private static Measurement start(
            String name, boolean isBaseline, Form form, double first, double warm, int classes) {
        var launch = new FunctionProcess.Launch(name, List.of(), Map.of(), 512);
        var request = new MeasuredRequest("request", name, () -> new byte[0], ExpectedResponse.ANY);
        OptionalLong zip =
                name.equals(EmptyHandler.NAME) ? OptionalLong.empty() : OptionalLong.of((long) (10 * MEGABYTE));
        return new Measurement(
                new Variant(name, isBaseline, form, launch, List.of(), request, zip),
                List.of(new Measurement.Run(first, 50, 100, warm)),
                classes);
    }

    private static RequestCost cost(boolean isBaseline, double processor, double kilobytes) {
        return new RequestCost(
                new MeasuredRequest(Workload.DESK, Workload.MANAGE_SESSIONS, () -> new byte[0], ExpectedResponse.ANY),
                isBaseline,
                List.of(new RequestProcess.Cost(processor, kilobytes)));
    }
}
