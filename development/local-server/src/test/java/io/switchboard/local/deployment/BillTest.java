package io.switchboard.local.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.replay.DocumentationPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the tables of {@code build/Bill.java} with the operations guide, and its inputs with the template. */
class BillTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final SamTemplate TEMPLATE = SamTemplate.read(ROOT.resolve("template.yaml"));

    @TempDir
    private Path folder;

    private record Result(int status, String output) {}

    @Test
    void guide_has_exactly_the_computed_tables() throws Exception {
        var result = bill();
        var guide = DocumentationPage.read("docs/how-to/operate.md").text();
        var costs = guide.substring(guide.indexOf("\n## Costs\n"));
        costs = costs.substring(0, costs.indexOf("\nCall records are added to this"));

        assertThat(result.status).as(result.output).isZero();
        assertThat(tables(costs)).isEqualTo(tables(result.output));
        assertThat(tables(costs)).hasSize(5);
    }

    private static List<String> tables(String text) {
        return Pattern.compile("(?m)(^\\|.*\n)+")
                .matcher(text)
                .results()
                .map(table -> table.group())
                .toList();
    }

    @Test
    void inputs_have_the_defaults_of_the_template() throws IOException {
        var inputs = Files.readString(ROOT.resolve("build/bill.txt"));
        int metrics = 0;
        for (var alarm : Monitoring.of(TEMPLATE).alarms().values()) {
            metrics +=
                    Math.max(1, alarm.path("Metrics").findValues("MetricStat").size());
        }

        assertThat(inputs)
                .as("inputs of a template with %d metrics of alarms", metrics)
                .contains("\nmemory = "
                        + TEMPLATE.parameters()
                                .path("MemoryMegabytes")
                                .path("Default")
                                .asText() + ' ')
                .contains("\nalarm.metrics = " + metrics + ' ');
        // The sum has the logs of these levels.
        assertThat(TEMPLATE.parameters().path("SystemLogLevel").path("Default").asText())
                .isEqualTo("WARN");
        assertThat(TEMPLATE.parameters().path("LogLevel").path("Default").asText())
                .isEqualTo("INFO");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            call = 5            | # call = 5          | : call is missing
            memory = 1769       | memory = much       | : "memory = much" must be a name, = and a number
            memory = 1769       | memory              | : "memory" must be a name, = and a number
            price.log = 0.50    | price.log = 0; price.log = 1 | : duplicate price.log
            price.log = 0.50    | price.log = 0; price.logs = 1 | : unused inputs [price.logs]
            desk.processor = 2.76 | desk.processors = 2.76 | : desk.processor is missing
            """)
    void invalid_input_is_reported(String input, String changed, String message) throws Exception {
        var inputs = Files.readString(ROOT.resolve("build/bill.txt"));
        assertThat(inputs).contains("\n" + input + ' ');
        var file = folder.resolve("bill.txt");
        Files.writeString(file, inputs.replaceFirst("\n" + input + " [^\n]*", '\n' + changed.replace("; ", "\n")));

        var result = bill(file.toString());

        assertThat(result.status).isEqualTo(1);
        assertThat(result.output).isEqualTo(file + message + System.lineSeparator());
    }

    @Test
    void higher_price_changes_the_sum_by_its_quantity() throws Exception {
        var file = folder.resolve("bill.txt");
        Files.writeString(
                file,
                Files.readString(ROOT.resolve("build/bill.txt"))
                        .replace("price.http-api = 1.00", "price.http-api = 3.50"));

        assertThat(sum(bill(file.toString()).output)).isEqualTo(sum(bill().output) + 10 * 250);
    }

    /** Returns the sum in cents. */
    private static int sum(String tables) {
        return Pattern.compile("\\| \\*\\*sum\\*\\* \\| \\| \\*\\*(\\d+)\\.(\\d\\d)\\*\\* \\|")
                .matcher(tables)
                .results()
                .mapToInt(sum -> Integer.parseInt(sum.group(1) + sum.group(2)))
                .sum();
    }

    private static Result bill(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "build/Bill.java"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
