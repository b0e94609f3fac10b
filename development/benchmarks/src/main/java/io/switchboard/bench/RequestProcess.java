package io.switchboard.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A function in a separate JVM without the runtime client: {@link RequestHost}. */
final class RequestProcess implements AutoCloseable {
    private final Process process;
    private final DataOutputStream events;
    private final DataInputStream responses;
    private final Path log;

    private RequestProcess(Process process, Path log) {
        this.process = process;
        this.events = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.responses = new DataInputStream(new BufferedInputStream(process.getInputStream()));
        this.log = log;
    }

    /**
     * The cost of one request.
     *
     * @param processor milliseconds of the serving thread
     * @param kilobytes allocated by the serving thread
     */
    record Cost(double processor, double kilobytes) {}

    /**
     * Starts a function with the JVM settings that Lambda uses under SnapStart.
     *
     * @param host a JAR with {@link RequestHost}
     * @param log the file for its output
     */
    static RequestProcess start(FunctionProcess.Launch launch, Path host, Path log) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(launch.heap());
        command.addAll(Form.common());
        command.add("-classpath");
        command.add(String.join(
                File.pathSeparator,
                Stream.concat(launch.classPath().stream(), Stream.of(host))
                        .map(Path::toString)
                        .toList()));
        command.add(RequestHost.class.getName());
        command.add(launch.handler());
        var builder = new ProcessBuilder(command).redirectError(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(launch.environment());
        try {
            return new RequestProcess(builder.start(), log);
        } catch (IOException e) {
            throw new BenchException("The function's JVM cannot be started: " + e.getMessage(), e);
        }
    }

    /**
     * Serves the next event of a request.
     *
     * @throws BenchException if the response is not the expected one
     */
    Cost serve(MeasuredRequest request) {
        return serve(request.events().get(), request.expected());
    }

    /**
     * Serves an event.
     *
     * @throws BenchException if the response is not the expected one
     */
    Cost serve(byte[] event, ExpectedResponse expected) {
        try {
            events.writeInt(event.length);
            events.write(event);
            events.flush();
            String response = new String(responses.readNBytes(responses.readInt()), UTF_8);
            Cost cost = new Cost(responses.readLong() / 1e6, responses.readLong() / 1024.0);
            expected.check(response);
            return cost;
        } catch (IOException e) {
            throw new BenchException("The function ended. See " + log + ".", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
