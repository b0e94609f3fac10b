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
 * A copy of what SAM reads of the project, to run commands in as somebody does in a checkout; what they leave behind stays here.
 *
 * @param folder its root
 * @param environment what the commands get besides this process's own environment
 */
record Checkout(Path folder, Map<String, String> environment) {
    private static final Path ROOT = Path.of(System.getProperty("switchboard.root", "../.."));

    /** The function that the stream of the table of sessions invokes. */
    static final String STREAM_FUNCTION = "PublishSessionEvents";

    /** Those that streams and queues invoke. */
    static final Set<String> WITHOUT_DOORS =
            Set.of(STREAM_FUNCTION, "NotifySubscribers", "SendNotifications", "SweepCallRecords");

    private static final Pattern CODE_URI = Pattern.compile("CodeUri: (\\S+\\.zip)");

    /**
     * How a command ended.
     *
     * @param output both streams
     */
    record Ended(int exitCode, String output) {
        Ended succeeded() {
            assertThat(exitCode).as(output).isZero();
            return this;
        }
    }

    /** A fresh one of this name, which a former run's gives way to. */
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
                            .as("the packed function: run mvn package first")
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

    /** The template and its nested templates, as paths below the root. */
    static List<String> templates() {
        Path root = ROOT.toAbsolutePath().normalize();
        return Deployment.files(ROOT.resolve("template.yaml")).stream()
                .map(file -> root.relativize(file).toString())
                .toList();
    }

    /** What the template and its nested templates deploy. */
    static Deployment deployment() {
        return Deployment.read(
                ROOT.resolve("template.yaml"),
                Map.of("Issuer", "https://login.example.com/v2.0", "Audience", "switchboard", "ReleaseId", "1"));
    }

    /** The functions behind routes of the API, in the order in which their events are sent. */
    static List<String> functions() {
        return EventCase.functions().stream()
                .filter(function -> !WITHOUT_DOORS.contains(function))
                .toList();
    }

    /** Writes the payloads of a function's cases where those that are committed are. */
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

    /** Runs a line of shell to its end, which must come within the limit. */
    Ended run(String line, Duration limit) {
        return Stage.timed(line, () -> {
            Path output = Files.createTempFile(folder, "output", ".txt");
            Process process = start(line, output);
            try {
                boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
                assertThat(ended)
                        .as(() -> "%s has not ended after %s:%n%s".formatted(line, limit, read(output)))
                        .isTrue();
                return new Ended(process.exitValue(), read(output));
            } finally {
                stop(process);
            }
        });
    }

    /** Starts a line of shell, one command, whose output goes to a file. */
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

    /** Ends a command as Ctrl-C does, so that SAM removes its containers; kills it where that takes too long. */
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
