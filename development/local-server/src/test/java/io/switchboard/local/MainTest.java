package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @TempDir
    Path folder;

    @Test
    void help_lists_every_option_and_the_exit_codes() throws Exception {
        var ended = run("--help");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output())
                .contains(
                        "--port",
                        "--host",
                        "--data",
                        "--dynamodb-port",
                        "--cors-origin",
                        "--audience",
                        "--parameter",
                        "--template",
                        "--help")
                .contains("Exit code: 130 after Ctrl-C, 143 after SIGTERM");
    }

    @Test
    void busy_port_is_reported_in_one_line_with_the_option() throws Exception {
        try (var busy = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var ended = run("--port", Integer.toString(busy.getLocalPort()), "--template", template());

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.output().strip())
                    .contains(Integer.toString(busy.getLocalPort()), "--port")
                    .doesNotContain("\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--prot, Unknown option --prot",
        "--port, --port needs a value",
        "--port=x, from 0 to 65535",
        "--host=a.example:80, --host must be a host name or an address without a port",
        "--host=http://a.example, --host must be a host name or an address without a port",
        "--dynamodb-port=65536, --dynamodb-port must be"
    })
    void invalid_option_is_reported_in_one_line_with_a_pointer_to_help(String option, String expected)
            throws Exception {
        var ended = run(option);

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output().strip()).contains(expected, "--help").doesNotContain("\n");
    }

    @Test
    void missing_template_and_unknown_parameter_are_reported_in_one_line() throws Exception {
        var absent =
                run("--port", "0", "--template", folder.resolve("none.yaml").toString());
        assertThat(absent.exitCode()).isEqualTo(1);
        assertThat(absent.output().strip()).contains("none.yaml").doesNotContain("\n");

        var unknown = run("--port", "0", "--template", template(), "--parameter", "Nonsense=1");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.output().strip()).contains("Nonsense").doesNotContain("\n");
    }

    @Test
    void options_become_settings() {
        var parsed = Options.parse(
                "--port=0",
                "--host",
                "desk.example",
                "--host=[2001:db8::1]",
                "--data",
                "d",
                "--cors-origin",
                "https://a.example",
                "--audience",
                "x",
                "--dynamodb-port",
                "8000",
                "--record-source",
                "records.json",
                "--parameter",
                "A=b=c");

        assertThat(parsed).isInstanceOfSatisfying(Options.Run.class, run -> {
            assertThat(run.settings().port()).isZero();
            assertThat(run.settings().hosts()).containsExactly("desk.example", "[2001:db8::1]");
            assertThat(run.settings().data()).contains(Path.of("d"));
            assertThat(run.settings().dynamoDbPort()).hasValue(8_000);
            assertThat(run.settings().recordSource()).contains(Path.of("records.json"));
            assertThat(run.settings().corsOrigins()).containsExactly("https://a.example");
            assertThat(run.settings().audience()).isEqualTo("x");
            assertThat(run.settings().parameters()).containsExactly(entry("A", "b=c"));
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void terminated_or_killed_server_leaves_no_child_process(boolean killed) throws Exception {
        try (var server = RunningServer.start("--port", "0", "--template", template())) {
            List<ProcessHandle> children = server.process().children().toList();
            assertThat(children).hasSize(1);

            if (killed) {
                server.process().destroyForcibly();
            } else {
                server.process().destroy();
            }

            assertThat(server.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(children.getFirst().onExit().orTimeout(30, TimeUnit.SECONDS))
                    .succeedsWithin(Duration.ofSeconds(31));
            assertThat(server.process().exitValue()).isEqualTo(killed ? 137 : 143);
        }
    }

    @Test
    void data_folder_keeps_data_over_a_restart_and_startup_prints_commands() throws Exception {
        String data = folder.resolve("data").toString();
        try (var server = RunningServer.start("--port", "0", "--template", template(), "--data", data)) {
            assertThat(server.banner()).anyMatch(line -> line.startsWith("TOKEN=$(curl -s " + server.base()));
            assertThat(server.banner()).anyMatch(line -> line.startsWith("curl -i " + server.base() + "/sessions"));
            assertThat(server.status("PUT", "/writes/kept")).isEqualTo(201);
        }
        try (var server = RunningServer.start("--port", "0", "--template", template(), "--data", data)) {
            assertThat(server.status("GET", "/writes/kept")).isEqualTo(200);
            assertThat(server.status("GET", "/writes/other")).isEqualTo(404);
        }
    }

    private record ExitResult(int exitCode, String output) {}

    private static ExitResult run(String... arguments) throws IOException, InterruptedException {
        Process process = start(arguments);
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new ExitResult(process.waitFor(), output);
    }

    private static Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-classpath",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(Arrays.asList(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static String template() {
        return Callers.template().toString();
    }

    /** A server in a separate process. */
    private record RunningServer(Process process, BufferedReader output, URI base, List<String> banner)
            implements AutoCloseable {
        static RunningServer start(String... arguments) throws IOException {
            Process process = MainTest.start(arguments);
            var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
            var banner = new ArrayList<String>();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                banner.add(line);
                if (line.startsWith("Ctrl-C")) {
                    String api = banner.stream()
                            .filter(shown -> shown.strip().startsWith("API "))
                            .findFirst()
                            .orElseThrow();
                    return new RunningServer(
                            process, output, URI.create(api.strip().substring(3).strip()), banner);
                }
            }
            throw new AssertionError("The server did not start: " + banner);
        }

        int status(String method, String path) throws IOException, InterruptedException {
            try (var http = HttpClient.newHttpClient()) {
                var callers = new Callers(http, base);
                return callers.send(callers.to(path)
                                .header("Authorization", callers.token("user=u"))
                                .method(method, BodyPublishers.noBody()))
                        .statusCode();
            }
        }

        @Override
        public void close() throws IOException {
            process.destroy();
            process.onExit().join();
            output.close();
        }
    }
}
