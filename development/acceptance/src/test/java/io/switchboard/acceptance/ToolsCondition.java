package io.switchboard.acceptance;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Enables a suite if its required tools are available. Otherwise the suite is skipped with its name and the reason, or
 * fails with the same message if the environment variable {@code CI=true} is set.
 */
public abstract class ToolsCondition implements ExecutionCondition {
    private final Map<String, String> environment;

    /** @param environment the environment variables; tests pass their own */
    protected ToolsCondition(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Returns the missing tools, each with its installation command. */
    protected abstract List<String> missing();

    /** Returns an environment variable, or an empty text. */
    protected final String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    @Override
    public final ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> missing = missing();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("All required tools are available");
        }
        String reason = "%s requires tools that are missing on this machine: %s"
                .formatted(context.getDisplayName(), String.join(", ", missing));
        if (variable("CI").equals("true")) {
            throw new ExtensionConfigurationException(reason + ". With CI=true the suite must run");
        }
        // Surefire's console shows the number of skipped tests, but not the reason.
        System.out.println("SKIPPED  " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }
}
