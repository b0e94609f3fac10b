package io.switchboard.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests with the real runtime interface client in a separate JVM. */
class RuntimeApiTest {
    private static final byte[] EVENT = "{}".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private Path task;

    @BeforeEach
    void create_working_folder() throws Exception {
        task = Files.createDirectories(folder.resolve("task"));
    }

    @Test
    void function_starts_and_serves_requests_one_at_a_time() {
        try (var api = new RuntimeApi("empty");
                var process = start(EmptyHandler.class.getName(), api, Map.of())) {
            assertThat(api.awaitStart()).isGreaterThan(process.startNanoTime());
            assertThat(api.invoke(EVENT, ExpectedResponse.ANY)).isPositive();
            assertThat(api.invoke(EVENT, ExpectedResponse.ANY)).isPositive();
            assertThat(process.processorTime()).isPositive();
        }
    }

    @Test
    void response_without_a_session_ends_the_benchmark() {
        try (var api = new RuntimeApi("empty");
                var process = start(EmptyHandler.class.getName(), api, Map.of())) {
            assertThat(api.awaitStart()).isGreaterThan(process.startNanoTime());
            assertThatThrownBy(() -> api.invoke(EVENT, ExpectedResponse.SESSION))
                    .isInstanceOf(BenchException.class)
                    .hasMessage("The function returned 201 without a session: {}");
        }
    }

    @Test
    void function_with_snap_start_waits_for_the_restore() {
        try (var api = new RuntimeApi("empty");
                var process = start(
                        EmptyHandler.class.getName(), api, Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"))) {
            assertThat(api.awaitSnapshot()).isGreaterThan(process.startNanoTime());
            long restored = System.nanoTime();
            api.restore();
            assertThat(api.awaitStart()).isGreaterThan(restored);
            assertThat(api.invoke(EVENT, ExpectedResponse.ANY)).isPositive();
        }
    }

    @Test
    void missing_handler_is_reported_in_one_line() {
        try (var api = new RuntimeApi("absent");
                var process = start("io.switchboard.bench.Absent", api, Map.of())) {
            assertThat(api.awaitStart()).isGreaterThan(process.startNanoTime());
            assertThatThrownBy(() -> api.invoke(EVENT, ExpectedResponse.ANY))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("io.switchboard.bench.Absent")
                    .message()
                    .hasLineCount(1);
        }
    }

    @Test
    void early_exit_of_the_process_is_reported_at_once() {
        try (var api = new RuntimeApi("empty");
                var process = start(EmptyHandler.class.getName(), api, Map.of(), "-XX:NoSuchOption")) {
            assertThatThrownBy(api::awaitStart)
                    .isInstanceOf(BenchException.class)
                    .hasMessage("The function failed (/exit): The process exited with 1. See the log of the process.");
            assertThat(System.nanoTime() - process.startNanoTime()).isLessThan(20_000_000_000L);
        }
    }

    private FunctionProcess start(String handler, RuntimeApi api, Map<String, String> environment, String... options) {
        List<Path> classPath = Stream.concat(
                        Stream.of(Jars.ofClass(EmptyHandler.class, folder)), Jars.runtimeClient().stream())
                .toList();
        return FunctionProcess.start(
                new FunctionProcess.Launch(handler, classPath, environment, 512), List.of(options), api, task);
    }
}
