package io.switchboard.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Whether the bench would notice. How long pages take is not asked here: other tests have the machine too. */
class ListingBenchTest {
    @Test
    void small_list_is_shown_once_and_in_order_while_others_write() {
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
                .contains("450 of 450 templates shown, 0 missed, 0 doubled, 0 out of order;", "13 that are shipped")
                .contains("| all |");
    }

    @Test
    void missed_doubled_and_disordered_templates_are_counted() {
        var rollCall = new RollCall(4);
        assertThat(rollCall.isComplete()).isFalse();
        rollCall.show("Alpha");
        rollCall.show(RollCall.name(0));
        rollCall.show(RollCall.passingName(0, 17));
        rollCall.show(RollCall.name(2));
        rollCall.show(RollCall.name(2));
        rollCall.show(RollCall.name(1));
        assertThat(rollCall.text())
                .isEqualTo(
                        "3 of 4 templates shown, 1 missed, 1 doubled, 1 out of order; besides 1 that came or went, 1 that are shipped.\n");
        assertThat(rollCall.isComplete()).isFalse();
    }

    @Test
    void list_in_order_is_complete() {
        var rollCall = new RollCall(2);
        rollCall.show(RollCall.name(0));
        rollCall.show(RollCall.passingName(0, 3));
        rollCall.show(RollCall.name(1));
        rollCall.show("msdyn_chat_session");
        assertThat(rollCall.isComplete()).isTrue();
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
    void options_that_make_no_sense_are_refused_with_those_there_are() {
        assertThatThrownBy(() -> ListingOptions.parse("--page", "101")).hasMessageContaining("from 1 to 100");
        assertThatThrownBy(() -> ListingOptions.parse("--pages", "10")).hasMessageContaining("Options: ");
        assertThatThrownBy(() -> ListingOptions.parse("--page")).hasMessageContaining("needs a value");
        assertThat(ListingOptions.parse().templates()).isEqualTo(100_000);
    }
}
