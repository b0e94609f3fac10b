package io.switchboard.acceptance.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of docs/reference/javascript.md: each row is tested by the function with its name in methods.js. */
@NeedsBrowser
class MethodTableTest {
    private static final Path DOCUMENT =
            Path.of(System.getProperty("switchboard.root", "../..")).resolve("docs/reference/javascript.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

    @Test
    void rows_and_functions_are_the_same(Windows windows) throws IOException {
        assertThat(rows()).doesNotHaveDuplicates().isNotEmpty();
        assertThat(strings(page(windows).run("methods.names"))).containsExactlyInAnyOrderElementsOf(rows());
    }

    @Test
    void public_members_have_rows(Windows windows) throws IOException {
        assertThat(rows()).containsAll(strings(run(page(windows), windows, "")));
    }

    @TestFactory
    Stream<DynamicTest> methods_behave_as_documented(Windows windows) throws IOException {
        Window page = page(windows).expects("status of 4");
        return rows().stream().map(row -> dynamicTest(row, () -> run(page, windows, row)));
    }

    private static Object run(Window page, Windows windows, String row) {
        return page.page()
                .evaluate(
                        "([row, baseUrl, tenant]) => methods.run(row, baseUrl, tenant)",
                        List.of(row, windows.chromium().base().toString(), "tenant-" + UUID.randomUUID()));
    }

    private static Window page(Windows windows) {
        Window page = windows.openClient(Agent.any());
        Script.add(page, "methods.js");
        return page;
    }

    private static List<String> rows() throws IOException {
        String document = Files.readString(DOCUMENT);
        String table = document.substring(document.indexOf("\n## Method by method\n"));
        return ROW.matcher(table).results().map(row -> row.group(1)).toList();
    }

    private static List<String> strings(Object list) {
        return ((Collection<?>) list).stream().map(String::valueOf).toList();
    }
}
