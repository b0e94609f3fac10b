package io.switchboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ArchitectureRulesTest extends ArchitectureRules {
    private static final int MOST_LINES = 400;

    @Override
    protected Set<String> ownPackages() {
        return Set.of(
                "io.switchboard.dynamodb",
                "io.switchboard.eventbus",
                "io.switchboard.http",
                "io.switchboard.json",
                "io.switchboard.offer",
                "io.switchboard.presence",
                "io.switchboard.queue",
                "io.switchboard.recordsource",
                "io.switchboard.runtime",
                "io.switchboard.session",
                "io.switchboard.session.resolve",
                "io.switchboard.session.store",
                "io.switchboard.slug",
                "io.switchboard.storage",
                "io.switchboard.template",
                "io.switchboard.template.builtin",
                "io.switchboard.template.catalog",
                "io.switchboard.template.json",
                "io.switchboard.template.store",
                "io.switchboard.text",
                "io.switchboard.identity");
    }

    /** Checks all modules except the fixtures, because the contracts of stores may be longer. */
    @Test
    void classes_of_main_code_have_at_most_400_lines() throws IOException {
        Path root = Path.of(System.getProperty("switchboard.root"));
        Map<String, Integer> tooLong = new TreeMap<>();
        int modules = 0;
        for (String folder : List.of("functions", "development")) {
            try (Stream<Path> children = Files.list(root.resolve(folder))) {
                for (Path main : children.map(module -> module.resolve("src/main/java"))
                        .filter(Files::isDirectory)
                        .filter(module -> !module.startsWith(root.resolve("development/testing")))
                        .toList()) {
                    modules++;
                    try (Stream<Path> files = Files.walk(main)) {
                        for (Path source : files.filter(file -> file.toString().endsWith(".java"))
                                .toList()) {
                            tooLong.put(
                                    root.relativize(source).toString(),
                                    Files.readAllLines(source).size());
                        }
                    }
                }
            }
        }
        tooLong.values().removeIf(lines -> lines <= MOST_LINES);

        assertThat(modules).isGreaterThanOrEqualTo(7);
        assertThat(tooLong).as("classes to split").isEmpty();
    }
}
