package io.switchboard.callrecords;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.callrecords.graph.PathId;
import io.switchboard.callrecords.graph.Preferences;
import io.switchboard.callrecords.graph.RecordFilterParser;
import io.switchboard.callrecords.graph.Shape;
import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.EntityType;
import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.http.EntityTag;
import io.switchboard.json.Violation;
import io.switchboard.json.Violations;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.PageToken;
import io.switchboard.text.PercentEncoding;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the parsers of URLs and headers with the longest text that API Gateway accepts, on a small stack. */
final class ParserLimitsTest {
    /** The longest request line and headers of API Gateway, in bytes. */
    private static final int LONGEST = 10_240;

    /** Measures CPU time, which excludes other processes. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private static final int SMALL_STACK = 256 * 1_024;

    /** Characters and pieces that a grammar can repeat. */
    private static final List<String> PIECES = List.of(
            "a",
            "'",
            "''",
            "(",
            ")",
            "()",
            ")(",
            " ",
            "\t",
            "\n",
            ",",
            ";",
            "=",
            "/",
            ":",
            ".",
            "-",
            "+",
            "$",
            "%",
            "%4",
            "~",
            "*",
            "\"",
            "\\",
            "_",
            "0",
            "9",
            "T",
            "P",
            "Z",
            "W/",
            "é",
            "😀",
            "\uD83D",
            "\u0000",
            "and ",
            " and ",
            "(a) and ",
            "id,",
            "x,",
            "a and ",
            "any(",
            "p:p/id eq '",
            "sessions(",
            "sessions,",
            "$select=",
            "$expand=sessions(",
            "segments(",
            ";$select=id",
            "startDateTime ge ",
            "not ",
            "not (",
            "type eq 'a' or ",
            "(type eq 'a' or not(",
            "participants_v2/any(p:p/id eq '1') and ",
            "return=minimal,",
            "odata.maxpagesize=",
            "W/\"3\",",
            "{",
            "[");

    private static final List<String> BEFORE = List.of(
            "",
            "(",
            "startDateTime ge ",
            "participants_v2/any(p:p/id eq '",
            "participants_v2/any(",
            "version in (",
            "sessions($expand=segments(",
            "sessions($select=",
            "~",
            "W/\"",
            "2026-03-04T09:15:00.",
            "P",
            "odata.maxpagesize=");

    private static final List<String> AFTER = List.of("", "')");

    private static Map<String, Consumer<String>> parsers() {
        Map<String, Consumer<String>> parsers = new LinkedHashMap<>();
        parsers.put("$filter", text -> RecordFilterParser.parse(text, new Violations()));
        for (EntityType type : List.of(
                CallRecordTypes.callRecord(),
                CallRecordTypes.session(),
                CallRecordTypes.segment(),
                CallRecordTypes.participant())) {
            parsers.put(
                    "$select of a " + type.name(),
                    text -> Shape.of(Map.of("$select", text), type, new Violations())
                            .context());
            parsers.put(
                    "$expand of a " + type.name(),
                    text -> Shape.of(Map.of("$expand", text), type, new Violations())
                            .options());
        }
        parsers.put("Prefer", Preferences::parse);
        parsers.put("instant", GraphInstant::of);
        parsers.put("id in a path", PathId::id);
        parsers.put("session in a path", SessionKey::ofPathSegment);
        parsers.put("If-None-Match", text -> EntityTag.ofVersion(3).matchesAnyOf(text));
        parsers.put("If-Match", EntityTag::precondition);
        parsers.put("percent-encoding", text -> PercentEncoding.ofUrlText(PercentEncoding.ofValue(text)));
        parsers.put("$skiptoken", text -> {
            try {
                PageToken.position("q", text, any -> true);
            } catch (InvalidPosition e) {
                // Not a token of the API.
            }
        });
        return parsers;
    }

    @Test
    @DisabledIfSystemProperty(named = "switchboard.quick", matches = "true", disabledReason = "takes five seconds")
    void longest_text_of_every_piece_is_parsed_on_a_small_stack_in_linear_time() throws InterruptedException {
        List<String> failures = new ArrayList<>();
        Thread small = new Thread(null, () -> parseAll(failures), "small", SMALL_STACK);
        small.start();
        small.join();
        assertThat(failures).isEmpty();
    }

    private static void parseAll(List<String> failures) {
        parsers().forEach((name, parser) -> {
            for (String piece : PIECES) {
                for (String before : BEFORE) {
                    for (String behind : AFTER) {
                        String text = before + piece.repeat((LONGEST - 64) / piece.length()) + behind;
                        long began = CPU.getCurrentThreadCpuTime();
                        try {
                            parser.accept(text);
                        } catch (RuntimeException | StackOverflowError e) {
                            failures.add(name + " fails for " + before + piece + "…" + behind + ": " + e);
                        }
                        if (Duration.ofNanos(CPU.getCurrentThreadCpuTime() - began)
                                        .toMillis()
                                > 1_000) {
                            failures.add(name + " takes long for " + before + piece + "…" + behind);
                        }
                    }
                }
            }
        });
    }

    private static List<Violation> violations(String filter) {
        Violations violations = new Violations();
        RecordFilterParser.parse(filter, violations);
        for (Violation violation : violations.all()) {
            assertThat(violation.code()).isEqualTo("invalidValue");
            assertThat(violation.target()).isEqualTo("$filter");
            assertThat(violation.message()).hasSizeLessThan(500);
        }
        return violations.all();
    }

    @Test
    void at_most_64_parentheses_around_a_condition_are_accepted() {
        String condition = "startDateTime ge 2026-03-04T12:00:00Z";

        assertThat(violations("(".repeat(64) + condition + ")".repeat(64))).isEmpty();
        assertThat(violations("( ".repeat(64) + condition + " )".repeat(64))).isEmpty();
        assertThat(violations("(".repeat(65) + condition + ")".repeat(65))).hasSize(1);
        assertThat(violations("((" + condition + ") and (" + condition + " and (" + condition + ")))"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a", "a)", "(a))", "((a)", ") and (", "(a)(b)", "(a) x", "()", "(a and b", "'"})
    void unbalanced_parentheses_are_rejected(String filter) {
        String condition = "startDateTime ge 2026-03-04T12:00:00Z";

        assertThat(violations(filter.replace("a", condition).replace("b", condition)))
                .isNotEmpty();
    }

    @Test
    void at_most_100_conditions_are_accepted() {
        String condition = "startDateTime ge 2026-03-04T12:00:00Z";

        assertThat(violations((condition + " and ").repeat(99) + condition)).isEmpty();
        assertThat(violations((condition + " and ").repeat(100) + condition)).hasSize(1);
    }

    @Test
    void values_of_in_count_as_conditions() {
        assertThat(violations("version in (" + "1,".repeat(99) + "1)")).isEmpty();
        assertThat(violations("version in (" + "1,".repeat(100) + "1)")).hasSize(1);
        assertThat(violations("version in (" + "1,".repeat(98) + "1) and version eq 2"))
                .isEmpty();
        assertThat(violations("version in (" + "1,".repeat(99) + "1) and version eq 2"))
                .hasSize(1);
    }

    @Test
    void participant_id_that_is_too_long_is_rejected() {
        assertThat(violations("participants_v2/any(p:p/id eq '" + "a".repeat(700) + "')"))
                .isEmpty();
        assertThat(violations("participants_v2/any(p:p/id eq '" + "a".repeat(701) + "')"))
                .hasSize(1);
        assertThat(violations("participants_v2/any(p:p/id eq '" + "''".repeat(233) + "')"))
                .isEmpty();
        assertThat(violations("participants_v2/any(p:p/id eq '" + "''".repeat(234) + "')"))
                .hasSize(1);
        assertThat(violations("participants_v2/any(p:p/id eq '" + "a".repeat(9_000)))
                .hasSize(1);
    }

    @Test
    void participant_id_may_contain_characters_of_the_grammar() {
        for (String id : List.of("a and b", "(", ")", "a) and (b", " ", "p:p/id eq 1", "''", "\u0001")) {
            Violations violations = new Violations();
            String filter = "(participants_v2/any( p : p/id eq '" + id.replace("'", "''")
                    + "' ) and startDateTime ge 2026-03-04T12:00:00Z)";
            assertThat(RecordFilterParser.parse(filter, violations).participant())
                    .isEqualTo(id);
            assertThat(violations.all()).isEmpty();
        }
    }

    @Test
    void valid_names_are_listed_once() {
        Violations violations = new Violations();
        Shape.of(Map.of("$select", "x,".repeat(4_000) + "y"), CallRecordTypes.callRecord(), violations);

        assertThat(violations.all()).hasSize(101);
        assertThat(violations.all().get(0).message()).contains("startDateTime");
        assertThat(violations.all().get(1).message()).doesNotContain("startDateTime");
        assertThat(violations.all().getLast().message()).startsWith("3901 more problems");
    }
}
