package io.switchboard.acceptance;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Lets a suite run where what it needs is there. Elsewhere it is skipped, by name and reason; with the environment variable
 * {@code CI=true} it fails and says the same.
 */
public abstract class ToolsCondition implements ExecutionCondition {
    private final Map<String, String> environment;

    /** @param environment the machine's, in tests another */
    protected ToolsCondition(Map<String, String> environment) {
        this.environment = environment;
    }

    /** What this machine does not have, each with how to get it. */
    protected abstract List<String> missing();

    /** An environment variable, or nothing. */
    protected final String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    @Override
    public final ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        List<String> missing = missing();
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("All it needs is there");
        }
        String reason = "%s needs what this machine does not have: %s"
                .formatted(context.getDisplayName(), String.join(", ", missing));
        if (variable("CI").equals("true")) {
            throw new ExtensionConfigurationException(reason + "; with CI=true it must run");
        }
        // Surefire's console tells that something was skipped, but not why.
        System.out.println("SKIPPED  " + reason);
        return ConditionEvaluationResult.disabled(reason);
    }
}
