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
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides for {@link NeedsContainerTools}. */
final class ContainerToolsCondition implements ExecutionCondition {
    private static final Map<String, String> COMMANDS = Map.of(
            "sam", "the AWS SAM CLI (pip install aws-sam-cli)",
            "cfn-lint", "cfn-lint (pip install cfn-lint)");

    private static final int DOCKER_SECONDS = 20;

    private final Map<String, String> environment;
    private final BooleanSupplier dockerAnswers;

    /** JUnit's: looks at this machine. */
    ContainerToolsCondition() {
        this(System.getenv(), ContainerToolsCondition::dockerAnswers);
    }

    ContainerToolsCondition(Map<String, String> environment, BooleanSupplier dockerAnswers) {
        this.environment = environment;
        this.dockerAnswers = dockerAnswers;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> missing = missing();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("Docker, SAM and cfn-lint are there");
        }
        String reason = "%s needs what this machine does not have: %s"
                .formatted(context.getDisplayName(), String.join(", ", missing));
        if ("true".equals(environment.get("CI"))) {
            throw new ExtensionConfigurationException(reason + "; with CI=true it must run");
        }
        // Surefire's console tells that something was skipped, but not why.
        System.out.println("SKIPPED  " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }

    private List<String> missing() {
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
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, command)));
    }
}
