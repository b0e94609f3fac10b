package io.switchboard.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each row of the domain's feature table that is due is named in a test, or its absence is argued in a decision. */
class FeatureRowsTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([A-Z][0-9]{2})\"\\)");
    private static final Pattern LEFT_OUT = Pattern.compile("(?m)^\\| ([A-Z][0-9]{2}) \\| [^|]+ \\| [^|]+ \\|$");

    private static List<String> due() {
        List<String> rows =
                new ArrayList<>(List.of("N03", "N07", "N08", "T17", "E01", "E02", "E03", "E05", "E07", "E08"));
        add(rows, "S", 35);
        add(rows, "T", 15);
        add(rows, "C", 15);
        add(rows, "M", 20);
        add(rows, "A", 8);
        add(rows, "P", 5);
        return rows;
    }

    private static void add(List<String> rows, String letter, int last) {
        for (int row = 1; row <= last; row++) {
            rows.add(letter + (row < 10 ? "0" : "") + row);
        }
    }

    @Test
    void every_row_that_is_due_is_shown_or_argued_and_none_is_both() throws IOException {
        Set<String> shown = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("functions"))) {
            for (Path file : files.filter(path -> path.toString().contains("/src/test/java/")
                            && path.toString().endsWith(".java"))
                    .toList()) {
                TAG.matcher(read(file)).results().forEach(tag -> shown.add(tag.group(1)));
            }
        }
        Set<String> leftOut = new TreeSet<>();
        LEFT_OUT.matcher(read(ROOT.resolve("docs/decisions/0015-features-left-out.md")))
                .results()
                .forEach(row -> leftOut.add(row.group(1)));

        assertThat(leftOut).isNotEmpty();
        assertThat(shown).as("rows that tests name, though they are left out").doesNotContainAnyElementsOf(leftOut);
        Set<String> all = new TreeSet<>(shown);
        all.addAll(leftOut);
        assertThat(all).as("rows that tests name or a decision leaves out").containsAll(due());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
