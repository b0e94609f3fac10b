package io.switchboard.template.rule;

/**
 * The result of one rule, for a dry run.
 *
 * @param name the name of the rule
 */
public record RuleEvaluation(String name, Condition.Result result) {
    /** Returns whether the rule matched. */
    public boolean matched() {
        return result.matched();
    }

    /** Returns the comparison that decided, with the value that it found. */
    public String reason() {
        return result.reason();
    }
}
