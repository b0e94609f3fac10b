package io.switchboard.acceptance.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A test program in another language that uses the API through an unmodified client: {@code src/test/clients}.
 * {@code build/clients} prepares it.
 *
 * <p>The program gets three variables: {@code SWITCHBOARD_API} and {@code SWITCHBOARD_FAULTY_API} are base URLs of the
 * API and of a {@link FaultyProxy} before it, and {@code SWITCHBOARD_EXAMPLES} is the folder of the example payloads.
 */
final class ClientProgram {
    /** The tests that each program for call records has, under names that its language allows. */
    private static final List<String> REQUIRED = List.of(
            "examples are created and read unchanged",
            "record is created with everything below it",
            "pages reach the last session",
            "sessions are expanded",
            "records are filtered",
            "sessions are counted",
            "patch changes only the sent members",
            "deleted items are gone",
            "batch reads and writes",
            "errors are mapped",
            "retries store nothing twice",
            "subscriber is notified",
            "read items can be posted elsewhere");

    private static final Path ROOT = Path.of(System.getProperty("switchboard.root", "../.."))
            .toAbsolutePath()
            .normalize();
    private static final Path EXAMPLES =
            ROOT.resolve("development/acceptance/src/test/resources/io/switchboard/acceptance/graph");

    /** The first compilation of the Go client takes minutes. */
    private static final Duration PREPARATION_LIMIT = Duration.ofMinutes(20);

    private static final Duration RUN_LIMIT = Duration.ofMinutes(5);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String client;
    private final List<String> required;
    private final List<String> command;
    private final Pattern passed;

    /**
     * @param client the name of the program's folder
     * @param passed the line that the program prints after a test that passed, with the group {@code name}
     * @param command the command line, for {@code target/clients/<client>} as the current folder
     */
    ClientProgram(String client, Pattern passed, String... command) {
        this(client, REQUIRED, passed, command);
    }

    /**
     * @param required the tests that the program must have
     * @see #ClientProgram(String, Pattern, String...)
     */
    ClientProgram(String client, List<String> required, Pattern passed, String... command) {
        this.client = client;
        this.required = List.copyOf(required);
        this.passed = passed;
        this.command = List.of(command);
    }

    private record Result(int exitCode, String output) {}

    /** Runs the program, and returns a test for each required one, and one for all others. */
    Stream<DynamicTest> tests(GraphApi api) throws IOException, InterruptedException {
        Result preparation = run(ROOT, Map.of(), PREPARATION_LIMIT, List.of("build/clients", client));
        assertThat(preparation.exitCode()).as(preparation.output()).isZero();
        Result result;
        try (var proxy = new FaultyProxy(api.base(), RETRY_AFTER)) {
            var variables = Map.of(
                    "SWITCHBOARD_API", api.base().toString(),
                    "SWITCHBOARD_FAULTY_API", proxy.base().toString(),
                    "SWITCHBOARD_EXAMPLES", EXAMPLES.toString());
            result = run(ROOT.resolve("target/clients").resolve(client), variables, RUN_LIMIT, command);
        }
        Set<String> names = result.output()
                .lines()
                .map(passed::matcher)
                .filter(Matcher::matches)
                .map(line -> letters(line.group("name")))
                .collect(Collectors.toSet());
        return Stream.concat(
                required.stream()
                        .map(name -> dynamicTest(
                                name,
                                () -> assertThat(names).as(result.output()).contains(letters(name)))),
                Stream.of(dynamicTest(
                        "all tests of the program pass",
                        () -> assertThat(result.exitCode()).as(result.output()).isZero())));
    }

    /** Returns what names of different languages have in common. */
    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    }

    private Result run(Path folder, Map<String, String> variables, Duration limit, List<String> command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile(client, ".txt");
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            assertThat(process.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> "%s has not ended after %s:%n%s".formatted(command, limit, read(output)))
                    .isTrue();
            return new Result(process.exitValue(), read(output));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
