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

/** Against the real runtime interface client in a JVM of its own. */
class RuntimeApiTest {
    private static final byte[] EVENT = "{}".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private Path task;

    @BeforeEach
    void make_the_working_folder() throws Exception {
        task = Files.createDirectories(folder.resolve("task"));
    }

    @Test
    void a_function_starts_and_answers_one_request_after_the_other() {
        try (var api = new RuntimeApi("empty");
                var process = start(EmptyHandler.class.getName(), api, Map.of())) {
            assertThat(api.awaitStart()).isGreaterThan(process.startNanoTime());
            assertThat(api.invoke(EVENT, ExpectedAnswer.ANY)).isPositive();
            assertThat(api.invoke(EVENT, ExpectedAnswer.ANY)).isPositive();
            assertThat(process.processorTime()).isPositive();
        }
    }

    @Test
    void an_answer_that_is_no_session_ends_the_bench() {
        try (var api = new RuntimeApi("empty");
                var process = start(EmptyHandler.class.getName(), api, Map.of())) {
            assertThat(api.awaitStart()).isGreaterThan(process.startNanoTime());
            assertThatThrownBy(() -> api.invoke(EVENT, ExpectedAnswer.SESSION))
                    .isInstanceOf(BenchException.class)
                    .hasMessage("The function answered 201 without a session: {}");
        }
    }

    @Test
    void a_function_with_snap_start_waits_to_be_restored() {
        try (var api = new RuntimeApi("empty");
                var process = start(
                        EmptyHandler.class.getName(), api, Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"))) {
            assertThat(api.awaitSnapshot()).isGreaterThan(process.startNanoTime());
            long restored = System.nanoTime();
            api.restore();
            assertThat(api.awaitStart()).isGreaterThan(restored);
            assertThat(api.invoke(EVENT, ExpectedAnswer.ANY)).isPositive();
        }
    }

    @Test
    void a_handler_that_is_not_there_is_told_in_one_line() {
        try (var api = new RuntimeApi("absent");
                var process = start("io.switchboard.bench.Absent", api, Map.of())) {
            assertThat(api.awaitStart()).isGreaterThan(process.startNanoTime());
            assertThatThrownBy(() -> api.invoke(EVENT, ExpectedAnswer.ANY))
                    .isInstanceOf(BenchException.class)
                    .hasMessageContaining("io.switchboard.bench.Absent")
                    .message()
                    .hasLineCount(1);
        }
    }

    @Test
    void a_process_that_ends_before_it_asks_is_told_at_once() {
        try (var api = new RuntimeApi("empty");
                var process = start(EmptyHandler.class.getName(), api, Map.of(), "-XX:NoSuchOption")) {
            assertThatThrownBy(api::awaitStart)
                    .isInstanceOf(BenchException.class)
                    .hasMessage("The function failed (/exit): its process ended with 1, see the process's log");
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
