package io.switchboard.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A function in a separate JVM under Lambda's runtime interface client, started in the same way as by the managed
 * runtime {@code java25}.
 */
final class FunctionProcess implements AutoCloseable {
    /** Main class of the runtime interface client. */
    static final String RUNTIME_CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";

    private static final Duration END_LIMIT = Duration.ofSeconds(60);

    private final Process process;
    private final long startNanoTime;
    private final CompletableFuture<Void> end;

    private FunctionProcess(Process process, long startNanoTime, CompletableFuture<Void> end) {
        this.process = process;
        this.startNanoTime = startNanoTime;
        this.end = end;
    }

    /**
     * The command line and the environment of a function.
     *
     * @param handler class of the handler
     * @param classPath must contain only JARs, because of the AOT cache
     * @param environment the variables of the template and of Lambda, without the address of the Runtime API
     * @param memoryMegabytes memory of the function
     */
    record Launch(String handler, List<Path> classPath, Map<String, String> environment, int memoryMegabytes) {
        Launch {
            classPath = List.copyOf(classPath);
            environment = Map.copyOf(environment);
        }

        Launch with(String variable, String value) {
            var more = new HashMap<>(environment);
            more.put(variable, value);
            return new Launch(handler, classPath, more, memoryMegabytes);
        }

        /** Returns the JVM option for the heap: Lambda gives it 85 % of a function's memory. */
        String heap() {
            return "-XX:MaxHeapSize=" + memoryMegabytes * 85 / 100 + "m";
        }
    }

    /**
     * Starts a function.
     *
     * @param options further options of the JVM
     * @param folder its working folder, which stays empty; the output is written to {@code <folder>.log}
     */
    static FunctionProcess start(Launch launch, List<String> options, RuntimeApi api, Path folder) {
        var builder = new ProcessBuilder(command(launch, options))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(new File(folder + ".log"));
        var environment = builder.environment();
        environment.clear();
        environment.putAll(launch.environment());
        environment.put("AWS_LAMBDA_RUNTIME_API", api.address());
        environment.put("LAMBDA_TASK_ROOT", folder.toString());
        environment.put("_HANDLER", launch.handler());
        long start = System.nanoTime();
        try {
            Process process = builder.start();
            return new FunctionProcess(
                    process, start, process.onExit().thenAccept(ended -> api.ended(ended.exitValue())));
        } catch (IOException e) {
            throw new BenchException("The function's JVM cannot be started: " + e.getMessage(), e);
        }
    }

    private static List<String> command(Launch launch, List<String> options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(launch.heap());
        // Lambda also sets -Xshare:auto. It is the default of the JVM, but setting it explicitly disables the AOT
        // cache.
        command.addAll(Form.common());
        command.addAll(options);
        command.add("-classpath");
        command.add(String.join(
                File.pathSeparator,
                launch.classPath().stream().map(Path::toString).toList()));
        command.add(RUNTIME_CLIENT);
        command.add(launch.handler());
        return command;
    }

    /**
     * Returns the resident memory in megabytes, which only Linux reports; elsewhere 0.
     *
     * @throws BenchException if the process has ended
     */
    double residentMegabytes() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        if (!Files.exists(Path.of("/proc/self/status"))) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new BenchException("The memory of the function's process cannot be read: " + e.getMessage(), e);
        }
    }

    /** Returns {@link System#nanoTime} just before the process was created. */
    long startNanoTime() {
        return startNanoTime;
    }

    /** Returns the user and system time of all its threads. Linux measures it in hundredths of a second. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Requests an orderly end of the JVM, which then writes its files, and waits for it. */
    @Override
    public void close() {
        process.destroy();
        try {
            end.get(END_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
