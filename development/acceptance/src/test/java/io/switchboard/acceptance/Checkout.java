package io.switchboard.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.local.deployment.Deployment;
import io.switchboard.replay.EventCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A copy of the project files that SAM reads, in which commands run as in a checkout. Files that the commands create
 * stay in the copy.
 *
 * @param folder the root folder
 * @param environment additional environment variables of the commands
 */
record Checkout(Path folder, Map<String, String> environment) {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root", "../.."));

    /** The function that the stream of the sessions table invokes. */
    static final String STREAM_FUNCTION = "PublishSessionEvents";

    /** The functions that streams and queues invoke. */
    static final Set<String> WITHOUT_DOORS =
            Set.of(STREAM_FUNCTION, "NotifySubscribers", "SendNotifications", "SweepCallRecords");

    private static final Pattern CODE_URI = Pattern.compile("CodeUri: (\\S+\\.zip)");

    /**
     * The result of a command.
     *
     * @param output both streams
     */
    record CommandResult(int exitCode, String output) {
        CommandResult succeeded() {
            assertThat(exitCode).as(output).isZero();
            return this;
        }
    }

    /** Creates a copy with this name, which replaces that of an earlier run. */
    static Checkout of(String name, Map<String, String> environment) {
        Path folder = ROOT.resolve("development/acceptance/target/checkouts").resolve(name);
        try {
            delete(folder);
            for (String template : templates()) {
                copy(template, folder);
            }
            copy("samconfig.toml", folder);
            try (Stream<Path> events = Files.walk(ROOT.resolve("events"))) {
                events.filter(Files::isRegularFile)
                        .forEach(file -> copy(ROOT.relativize(file).toString(), folder));
            }
            for (String template : templates()) {
                var codeUri = CODE_URI.matcher(Files.readString(ROOT.resolve(template)));
                while (codeUri.find()) {
                    String zip = codeUri.group(1);
                    assertThat(ROOT.resolve(zip))
                            .as("the packaged function, which mvn package builds")
                            .exists();
                    if (!Files.exists(folder.resolve(zip))) {
                        copy(zip, folder);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Checkout(folder, environment);
    }

    /** Returns the template and its nested templates, as paths relative to the root. */
    static List<String> templates() {
        Path root = ROOT.toAbsolutePath().normalize();
        return Deployment.files(ROOT.resolve("template.yaml")).stream()
                .map(file -> root.relativize(file).toString())
                .toList();
    }

    /** Returns the deployment of the template and its nested templates. */
    static Deployment deployment() {
        return Deployment.read(
                ROOT.resolve("template.yaml"),
                Map.of("Issuer", "https://login.example.com/v2.0", "Audience", "switchboard", "ReleaseId", "1"));
    }

    /** Returns the functions with API routes, in the order in which their events are sent. */
    static List<String> functions() {
        return EventCase.functions().stream()
                .filter(function -> !WITHOUT_DOORS.contains(function))
                .toList();
    }

    /** Writes the payloads of a function's cases to the folder of the committed ones. */
    void writeEvents(String function) {
        for (EventCase event : EventCase.of(function)) {
            Path file = folder.resolve("events").resolve(event.file());
            try {
                Files.createDirectories(file.getParent());
                Files.writeString(file, event.text());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Replaces a text in one of its files. */
    void replace(String file, String text, String replacement) {
        try {
            String content = Files.readString(folder.resolve(file));
            assertThat(content).contains(text);
            Files.writeString(folder.resolve(file), content.replace(text, replacement));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a shell command, which must end within the limit. */
    CommandResult run(String line, Duration limit) {
        return ProgressLog.timed(line, () -> {
            Path output = Files.createTempFile(folder, "output", ".txt");
            Process process = start(line, output);
            try {
                boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
                assertThat(ended)
                        .as(() -> "%s has not ended after %s:%n%s".formatted(line, limit, read(output)))
                        .isTrue();
                return new CommandResult(process.exitValue(), read(output));
            } finally {
                stop(process);
            }
        });
    }

    /** Starts a single shell command with its output in a file. */
    Process start(String line, Path output) {
        var builder = new ProcessBuilder("bash", "-c", line.contains("&&") ? line : "exec " + line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("SAM_CLI_TELEMETRY", "0");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(process)));
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops a command as Ctrl-C does, so that SAM removes its containers, and kills it if that takes too long. */
    static void stop(Process process) {
        try {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(String file, Path folder) {
        try {
            Path target = folder.resolve(file);
            Files.createDirectories(target.getParent());
            Files.copy(ROOT.resolve(file), target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
