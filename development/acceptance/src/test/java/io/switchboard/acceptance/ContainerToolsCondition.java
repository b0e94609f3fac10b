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

    private final BooleanSupplier dockerAnswers;

    /** JUnit's: looks at this machine. */
    ContainerToolsCondition() {
        this(System.getenv(), ContainerToolsCondition::dockerAnswers);
    }

    ContainerToolsCondition(Map<String, String> environment, BooleanSupplier dockerAnswers) {
        super(environment);
        this.dockerAnswers = dockerAnswers;
    }

    @Override
    protected List<String> missing() {
        var missing = new ArrayList<String>();
        COMMANDS.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(command -> !isOnPath(command.getKey()))
                .forEach(command -> missing.add(command.getValue()));
        if (!dockerAnswers.getAsBoolean()) {
            missing.add("a Docker engine that answers (docker version)");
        }
        return missing;
    }

    /** Testcontainers' own question pulls an image first, which takes minutes where there is no way to a registry. */
    private static boolean dockerAnswers() {
        try {
            Process version = new ProcessBuilder("docker", "version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean ended = version.waitFor(DOCKER_SECONDS, TimeUnit.SECONDS);
            version.destroy();
            return ended && version.exitValue() == 0;
        } catch (IOException e) {
            // There is no such command.
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
