package io.switchboard.acceptance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Decides for {@link NeedsContainerTools}. */
final class ContainerToolsCondition extends ToolsCondition {
    private static final Map<String, String> COMMANDS = Map.of(
            "sam", "the AWS SAM CLI (pip install aws-sam-cli)",
            "cfn-lint", "cfn-lint (pip install cfn-lint)");

    private static final int DOCKER_SECONDS = 20;

    private final BooleanSupplier isDockerRunning;

    /** Creates the condition for this machine. JUnit calls this constructor. */
    ContainerToolsCondition() {
        this(System.getenv(), ContainerToolsCondition::isDockerRunning);
    }

    ContainerToolsCondition(Map<String, String> environment, BooleanSupplier isDockerRunning) {
        super(environment);
        this.isDockerRunning = isDockerRunning;
    }

    @Override
    protected List<String> missing() {
        var missing = new ArrayList<String>();
        COMMANDS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(command -> !isOnPath(command.getKey()))
                .forEach(command -> missing.add(command.getValue()));
        if (!isDockerRunning.getAsBoolean()) {
            missing.add("a running Docker engine (docker version)");
        }
        return missing;
    }

    /**
     * Runs docker version, because the check of Testcontainers pulls an image first, which takes minutes without access
     * to a registry.
     */
    private static boolean isDockerRunning() {
        try {
            Process version = new ProcessBuilder("docker", "version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = version.waitFor(DOCKER_SECONDS, TimeUnit.SECONDS);
            version.destroy();
            return ended && version.exitValue() == 0;
        } catch (IOException e) {
            // The command does not exist.
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isOnPath(String command) {
        return Stream.of(variable("PATH").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}
