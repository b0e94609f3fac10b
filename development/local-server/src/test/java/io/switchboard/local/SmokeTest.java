package io.switchboard.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.switchboard.embedded.EmbeddedDynamoDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the smoke script against the local server, as it runs against a deployed stack. */
class SmokeTest {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root"));
    private static final String ORIGIN = "https://desk.example.com";
    private static final String SCOPE = "scope=Sessions.ReadWrite";

    private static EmbeddedDynamoDb dynamoDb;
    private static LocalServer server;
    private static HttpClient http;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        for (var command : List.of("bash", "curl")) {
            if (onPath(command).isEmpty()) {
                var missing = "bin/smoke needs " + command + ", which is not on the PATH";
                if ("true".equals(System.getenv("CI"))) {
                    throw new AssertionError(missing);
                }
                abort(missing);
            }
        }
        dynamoDb = EmbeddedDynamoDb.start();
        server = LocalServer.start(LocalServerSettings.of(ROOT.resolve("template.yaml"))
                .withParameters(Map.of("CorsOrigins", ORIGIN))
                .withDynamoDb(dynamoDb.endpoint()));
        http = HttpClient.newHttpClient();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
            http.close();
            dynamoDb.close();
        }
    }

    @Test
    void all_checks_pass_on_a_healthy_server_and_no_session_stays_open() throws Exception {
        var token = token("user=smoke-all&" + SCOPE);

        var ended = run(token, "", "--origin", ORIGIN, base());

        assertThat(ended.output().lines().toList()).last().isEqualTo("all passed");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).doesNotContain("FAILED", token);
        assertThat(ended.output().lines().filter(line -> line.startsWith("ok  ")))
                .hasSizeGreaterThan(15);
        assertThat(desk(token)).contains("\"openSessions\":0");
    }

    @Test
    void call_records_are_checked_if_the_token_permits() throws Exception {
        var fields = "tenant=smoke-records&user=smoke-records&" + SCOPE + "%20CallRecords.ReadWrite.All";

        var ended = run(token(fields), "", base());

        assertThat(ended.output().lines().toList()).as(ended.output()).last().isEqualTo("all passed");
        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output())
                .containsPattern("(?m)^ok      POST …/callRecords/\\{callRecordId}/sessions returns 201 and Location")
                .containsPattern("(?m)^ok      GET of the deleted record returns 404")
                .doesNotContain("call records: not checked");
        var callers = new Callers(http, server.baseUri());
        assertThat(callers.send(callers.to("/v1.0/communications/callRecords/$count")
                                .header("Authorization", "Bearer " + token(fields)))
                        .body())
                .as("no call record remains")
                .isEqualTo("0");
    }

    @Test
    void call_records_are_not_checked_without_the_permission() throws Exception {
        var ended = run(token("user=smoke-no-records&" + SCOPE + "%20CallRecords.Read.All"), "", base());

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).containsPattern("(?m)^--  .*call records: not checked.*CallRecords.ReadWrite.All");
    }

    @Test
    void unchecked_preflight_is_reported_without_an_origin() throws Exception {
        var ended = run(token("user=smoke-origin&" + SCOPE), "", base() + "/");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).containsPattern("(?m)^--  .*preflight.*not checked");
    }

    @Test
    void token_is_read_from_standard_input_and_is_never_a_process_argument() throws Exception {
        var token = token("user=smoke-input&" + SCOPE);
        var arguments = folder.resolve("arguments");
        var curl = folder.resolve("curl");
        Files.writeString(
                curl, """
                #!/bin/sh
                echo "$@" >>'%s'
                env >>'%s'
                exec '%s' "$@"
                """.formatted(arguments, arguments, onPath("curl").orElseThrow()));
        assertThat(curl.toFile().setExecutable(true)).isTrue();

        var ended = run(Map.of("PATH", folder + ":" + System.getenv("PATH")), token + '\n', base(), "-");

        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(Files.readString(arguments)).contains("/desk").doesNotContain(token);
    }

    @Test
    void rejected_token_is_reported_and_nothing_is_created() throws Exception {
        var expired = token("user=smoke-expired&expires_in=-60&" + SCOPE);

        var ended = run(expired, "", base());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output())
                .containsPattern("(?m)^FAILED  GET /desk returns 200 for this token, but the response was: 401")
                .doesNotContain("POST /sessions", expired);
    }

    @Test
    void token_without_a_user_is_reported_with_the_servers_message() throws Exception {
        var ended = run(token("roles=Sessions.ReadWrite"), "", base());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).containsPattern("(?m)^FAILED  GET /desk .* 403 userRequired .*request-id");
    }

    @Test
    void token_without_write_permission_fails_at_the_create() throws Exception {
        var ended = run(token("user=smoke-reader&scope=Sessions.Read"), "", base());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).containsPattern("(?m)^FAILED  POST /sessions .* 403 permissionRequired");
    }

    @Test
    void disallowed_origin_fails_only_the_preflight_check() throws Exception {
        var ended = run(token("user=smoke-other&" + SCOPE), "", "--origin=https://other.example.com", base());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output().lines().filter(line -> line.startsWith("FAILED")))
                .singleElement()
                .asString()
                .contains("a preflight from https://other.example.com");
        assertThat(ended.output()).endsWith("1 failed\n");
    }

    @Test
    void unreachable_url_is_reported_in_one_line() throws Exception {
        String nowhere;
        try (var port = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            nowhere = "http://127.0.0.1:" + port.getLocalPort();
        }

        var ended = run("a.b.c", "", nowhere);

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output().strip()).startsWith("FAILED  " + nowhere).doesNotContain("\n");
    }

    @Test
    void url_of_another_service_fails() throws Exception {
        var ended = run(token("user=smoke-elsewhere&" + SCOPE), "", base() + "/v1");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output()).contains("FAILED  GET /desk without a token returns 401");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
                    a.b.c | ''                           | The URL of the API is missing
                    none  | http://127.0.0.1:1           | The token is missing
                    a b   | http://127.0.0.1:1           | not allowed in bearer tokens
                    a.b.c | desk.example.com             | The URL must start with https://
                    a.b.c | --nonsense                   | Unknown option --nonsense
                    a.b.c | --origin                     | --origin needs a value
                    """)
    void invalid_argument_is_reported_in_one_line_with_a_pointer_to_help(String token, String argument, String expected)
            throws Exception {
        var environment = token == null ? Map.<String, String>of() : Map.of("TOKEN", token);
        var ended = argument.isEmpty() ? run(environment, "") : run(environment, "", argument);

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output().strip()).contains(expected, "--help").doesNotContain("\n");
    }

    @Test
    void help_lists_the_arguments_and_the_exit_codes() throws Exception {
        var ended = run(Map.of(), "", "--help");

        assertThat(ended.exitCode()).isZero();
        assertThat(ended.output()).contains("--origin", "TOKEN", "Sessions.ReadWrite", "Exit code");
    }

    private record ScriptResult(int exitCode, String output) {}

    private static ScriptResult run(String token, String input, String... arguments)
            throws IOException, InterruptedException {
        return run(Map.of("TOKEN", token), input, arguments);
    }

    private static ScriptResult run(Map<String, String> environment, String input, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("bash", ROOT.resolve("bin/smoke").toString()));
        command.addAll(Arrays.asList(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("TOKEN");
        builder.environment().putAll(environment);
        var process = builder.start();
        try (var toProcess = process.getOutputStream()) {
            toProcess.write(input.getBytes(UTF_8));
        } catch (IOException ended) {
            // A script that rejects its arguments does not read its input.
            assertThat(process.waitFor()).isEqualTo(2);
        }
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new ScriptResult(process.waitFor(), output);
    }

    private static String base() {
        return server.baseUri().toString().replaceFirst("/$", "");
    }

    private static String token(String fields) throws IOException, InterruptedException {
        return new Callers(http, server.baseUri()).token(fields).replaceFirst("^Bearer ", "");
    }

    private static String desk(String token) throws IOException, InterruptedException {
        var callers = new Callers(http, server.baseUri());
        return callers.send(callers.to("/desk").header("Authorization", "Bearer " + token))
                .body();
    }

    private static Optional<Path> onPath(String command) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, command))
                .filter(Files::isExecutable)
                .map(found -> {
                    try {
                        return found.toRealPath();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .findFirst();
    }
}
