package io.switchboard.template.rule;

/**
 * The result of one rule, for a dry run.
 *
 * @param name the name of the rule
 * @param reason the comparison that decided, with the value that it found
 */
public record RuleEvaluation(String name, boolean matched, String reason) {}
