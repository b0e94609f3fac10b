package io.switchboard.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * DynamoDB Local in a child JVM, on a free port of 127.0.0.1 unless it is for containers. It is ready when
 * {@link #start} returns (about a second).
 *
 * <p>All callers use the same tables, regardless of their credentials and region ({@code -sharedDb}). The child ends
 * with {@link #close} or with this JVM, even by {@code kill -9}. Thread-safe.
 */
public final class EmbeddedDynamoDb implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);
    private static final String LOCK_FILE = "switchboard.lock";
    private static final int KEPT_LINES = 40;

    private final Process process;
    private final URI endpoint;
    private final @Nullable FileChannel lock;

    private EmbeddedDynamoDb(Process process, URI endpoint, @Nullable FileChannel lock) {
        this.process = process;
        this.endpoint = endpoint;
        this.lock = lock;
    }

    /**
     * Starts a DynamoDB Local with tables in memory.
     *
     * @throws EmbeddedDynamoDbException if it cannot run; the message is one line
     */
    public static EmbeddedDynamoDb start() {
        return start(jars(), List.of(), null);
    }

    /**
     * Starts a DynamoDB Local with tables in a folder, which is created if it is absent.
     *
     * @throws EmbeddedDynamoDbException if it cannot run, or the folder is in use; the message is one line
     */
    public static EmbeddedDynamoDb start(Path data) {
        return start(jars(), List.of(), requireNonNull(data, "data is null"));
    }

    /**
     * Starts a DynamoDB Local for containers, at this port of every network interface of the machine, or at a free port
     * for 0.
     *
     * @param data the folder for the tables; empty for tables in memory
     * @throws EmbeddedDynamoDbException if it cannot run, for example at this port; the message is one line
     */
    public static EmbeddedDynamoDb startForContainers(Optional<Path> data, int port) {
        return start(jars(), List.of("-D" + DynamoDbLocalProcess.PORT_PROPERTY + "=" + port), data.orElse(null));
    }

    /**
     * Returns the endpoint of a DynamoDB Local in memory that all callers in this JVM share. The first call starts it,
     * and it ends with the JVM. Tests separate their data by the names of tables or the keys of items.
     *
     * @throws EmbeddedDynamoDbException if it cannot run; the message is one line
     */
    public static URI sharedEndpoint() {
        try {
            return Shared.INSTANCE.endpoint();
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof EmbeddedDynamoDbException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Returns the endpoint for {@code AWS_ENDPOINT_URL_DYNAMODB}: {@code http://127.0.0.1:<port>}. */
    public URI endpoint() {
        return endpoint;
    }

    /** Returns the process id of the child JVM. */
    public long processId() {
        return process.pid();
    }

    /** Ends the child JVM, and kills it if it does not end within three seconds. A second call does nothing. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // A broken pipe means that the child has already ended.
        }
        try {
            if (!process.waitFor(CLOSE_LIMIT)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        release(lock);
    }

    static EmbeddedDynamoDb start(Path jars, List<String> virtualMachineOptions, @Nullable Path data) {
        requireJars(jars);
        FileChannel lock = data == null ? null : lock(data);
        try {
            return launch(command(jars, virtualMachineOptions, data), lock);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static EmbeddedDynamoDb launch(List<String> command, @Nullable FileChannel lock) {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new EmbeddedDynamoDbException(
                    "DynamoDB Local did not start: %s cannot be run (%s).".formatted(command.getFirst(), oneLine(e)),
                    e);
        }
        var port = new CompletableFuture<Integer>();
        Thread.ofPlatform().daemon().name("dynamodb-local").start(() -> readOutput(process, port));
        try {
            var endpoint = URI.create("http://127.0.0.1:" + port.get(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
            requireResponse(endpoint);
            return new EmbeddedDynamoDb(process, endpoint, lock);
        } catch (ExecutionException e) {
            process.destroyForcibly();
            throw e.getCause() instanceof EmbeddedDynamoDbException cause
                    ? cause
                    : new EmbeddedDynamoDbException("DynamoDB Local did not start: " + oneLine(e), e);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new EmbeddedDynamoDbException(
                    "DynamoDB Local did not start within %d seconds. Close other programs and try again."
                            .formatted(START_LIMIT.toSeconds()),
                    e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new EmbeddedDynamoDbException("Interrupted while DynamoDB Local started.", e);
        } catch (RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /**
     * Reads the output of the child until it ends, so that the child never blocks on a full pipe. Keeps the last lines
     * for the error.
     */
    private static void readOutput(Process process, CompletableFuture<Integer> port) {
        Deque<String> last = new ArrayDeque<>();
        try (BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith(DynamoDbLocalProcess.PORT_PREFIX)) {
                    port.complete(Integer.valueOf(line.substring(DynamoDbLocalProcess.PORT_PREFIX.length())));
                }
                if (last.size() == KEPT_LINES) {
                    last.removeFirst();
                }
                last.addLast(line);
            }
        } catch (IOException e) {
            last.addLast(oneLine(e));
        }
        port.completeExceptionally(new EmbeddedDynamoDbException(explain(last)));
    }

    private static String explain(Deque<String> output) {
        for (String line : output) {
            if (line.contains("UnsatisfiedLinkError") || line.contains("sqlite4java")) {
                return noNativeLibrary(line);
            }
        }
        for (String line : output) {
            if (line.startsWith(DynamoDbLocalProcess.FAILURE_PREFIX)) {
                return "DynamoDB Local did not start: " + line.substring(DynamoDbLocalProcess.FAILURE_PREFIX.length());
            }
        }
        String lastLine =
                output.isEmpty() ? "it printed nothing" : output.getLast().strip();
        return "DynamoDB Local ended before it responded: " + lastLine;
    }

    private static String noNativeLibrary(String reason) {
        return "DynamoDB Local cannot load an SQLite library for %s on %s. Use Linux or macOS on x86-64 or arm64 (%s)"
                .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), reason.strip());
    }

    /** Lists the tables, which opens the database and loads the native library, to detect missing libraries. */
    private static void requireResponse(URI endpoint) {
        HttpURLConnection connection = null;
        try {
            connection = (HttpURLConnection) endpoint.toURL().openConnection();
            connection.setConnectTimeout((int) START_LIMIT.toMillis());
            connection.setReadTimeout((int) START_LIMIT.toMillis());
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/x-amz-json-1.0");
            connection.setRequestProperty("X-Amz-Target", "DynamoDB_20120810.ListTables");
            connection.setRequestProperty(
                    "Authorization",
                    "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0");
            connection.getOutputStream().write("{}".getBytes(UTF_8));
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                var error = connection.getErrorStream();
                throw refused(
                        connection.getResponseCode(), error == null ? "" : new String(error.readAllBytes(), UTF_8));
            }
        } catch (IOException e) {
            throw new EmbeddedDynamoDbException(
                    "DynamoDB Local does not respond at %s: %s".formatted(endpoint, oneLine(e)), e);
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    /** Converts Jetty's error page. A class that cannot be initialised or linked indicates a missing native library. */
    private static EmbeddedDynamoDbException refused(int status, String body) {
        boolean notLoaded = body.contains("ExceptionInInitializerError")
                || body.contains("NoClassDefFoundError")
                || body.contains("UnsatisfiedLinkError")
                || body.contains("sqlite");
        return new EmbeddedDynamoDbException(
                notLoaded
                        ? noNativeLibrary("its first request failed with status " + status)
                        : "DynamoDB Local returned %d for its first request: %s"
                                .formatted(status, body.replaceAll("\\s+", " ").strip()));
    }

    private static List<String> command(Path jars, List<String> virtualMachineOptions, @Nullable Path data) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A fast start is more important than peak performance.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Dlog4j2.level=OFF");
        command.add("-Dlog4j2.StatusLogger.level=OFF");
        command.addAll(virtualMachineOptions);
        command.add("-classpath");
        command.add(ownClasses() + File.pathSeparator + jars.resolve("*"));
        command.add(DynamoDbLocalProcess.class.getName());
        command.add("-sharedDb");
        if (data == null) {
            command.add("-inMemory");
        } else {
            command.add("-dbPath");
            command.add(data.toAbsolutePath().toString());
        }
        command.add("-disableTelemetry");
        return command;
    }

    private static Path ownClasses() {
        try {
            return Path.of(EmbeddedDynamoDb.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new EmbeddedDynamoDbException("The class path of this JVM cannot be read: " + oneLine(e), e);
        }
    }

    static Path jars() {
        try (var folder = requireNonNull(
                EmbeddedDynamoDb.class.getResourceAsStream("dynamodb-local-folder.txt"),
                "dynamodb-local-folder.txt is missing")) {
            return Path.of(new String(folder.readAllBytes(), UTF_8).strip()).normalize();
        } catch (IOException e) {
            throw new EmbeddedDynamoDbException(
                    "The path of the DynamoDB Local folder cannot be read: " + oneLine(e), e);
        }
    }

    private static void requireJars(Path jars) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(jars, "DynamoDBLocal-*.jar")) {
            if (found.iterator().hasNext()) {
                return;
            }
        } catch (IOException e) {
            // A missing folder gets the same message as one without JARs.
        }
        throw new EmbeddedDynamoDbException(
                ("DynamoDB Local is missing in %s. Build the module embedded-dynamodb with Maven (mvn -pl"
                                + " development/embedded-dynamodb -am package).")
                        .formatted(jars));
    }

    private static FileChannel lock(Path data) {
        try {
            Files.createDirectories(data);
            var channel =
                    FileChannel.open(data.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                // A lock of this JVM gets the same message as one of another process.
            }
            release(channel);
        } catch (IOException e) {
            throw new EmbeddedDynamoDbException(
                    "The data folder %s cannot be used: %s. Use another folder.".formatted(data, oneLine(e)), e);
        }
        throw new EmbeddedDynamoDbException(
                "The data folder %s is in use by another server. Stop that server, or use another folder."
                        .formatted(data));
    }

    private static void release(@Nullable FileChannel lock) {
        if (lock == null) {
            return;
        }
        try {
            lock.close();
        } catch (IOException e) {
            // The lock is released when this JVM ends.
        }
    }

    private static String oneLine(Exception e) {
        return e.toString().lines().findFirst().orElse("");
    }

    private static final class Shared {
        static final EmbeddedDynamoDb INSTANCE = start();
    }
}
