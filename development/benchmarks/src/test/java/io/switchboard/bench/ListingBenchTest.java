package io.switchboard.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Checks that the benchmark detects errors. It does not check times, because other tests run at the same time. */
class ListingBenchTest {
    @Test
    void small_list_is_complete_and_in_order_during_concurrent_writes() {
        var out = new ByteArrayOutputStream();
        new ListingBench(
                        new ListingOptions(
                                Path.of(System.getProperty("switchboard.root", "../.."))
                                        .toAbsolutePath()
                                        .normalize(),
                                450,
                                100),
                        new PrintStream(out, true, UTF_8))
                .run();
        assertThat(out.toString(UTF_8))
                .contains(
                        "450 of 450 templates listed, 0 missing, 0 duplicates, 0 out of order;",
                        "13 built-in templates")
                .contains("| all |");
    }

    @Test
    void missing_duplicate_and_disordered_templates_are_counted() {
        var audit = new ListingAudit(4);
        assertThat(audit.isComplete()).isFalse();
        audit.show("Alpha");
        audit.show(ListingAudit.name(0));
        audit.show(ListingAudit.temporaryName(0, 17));
        audit.show(ListingAudit.name(2));
        audit.show(ListingAudit.name(2));
        audit.show(ListingAudit.name(1));
        assertThat(audit.text())
                .isEqualTo("3 of 4 templates listed, 1 missing, 1 duplicates, 1 out of order; also 1 temporary and 1"
                        + " built-in templates.\n");
        assertThat(audit.isComplete()).isFalse();
    }

    @Test
    void list_in_order_is_complete() {
        var audit = new ListingAudit(2);
        audit.show(ListingAudit.name(0));
        audit.show(ListingAudit.temporaryName(0, 3));
        audit.show(ListingAudit.name(1));
        audit.show("msdyn_chat_session");
        assertThat(audit.isComplete()).isTrue();
    }

    @Test
    void times_are_compared_by_their_medians() {
        var times = new PageTimes();
        times.add(3, 2, 1);
        times.add(30, 2, 10);
        times.add(3, 200, 1.5);
        assertThat(times.toFirst()).isEqualTo(1.5);
        assertThat(times.toOnly()).isEqualTo(2);
    }

    @Test
    void invalid_option_is_rejected_with_the_usage() {
        assertThatThrownBy(() -> ListingOptions.parse("--page", "101")).hasMessageContaining("from 1 to 100");
        assertThatThrownBy(() -> ListingOptions.parse("--pages", "10")).hasMessageContaining("Options: ");
        assertThatThrownBy(() -> ListingOptions.parse("--page")).hasMessageContaining("requires a value");
        assertThat(ListingOptions.parse().templates()).isEqualTo(100_000);
    }
}
