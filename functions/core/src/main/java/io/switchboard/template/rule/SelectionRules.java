package io.switchboard.template.rule;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Selects a session template by the rules of an app profile, in their order. */
public final class SelectionRules {
    private SelectionRules() {}

    /**
     * The result of the rules.
     *
     * @param template the unique name that the first matching rule selects; null if none matches
     * @param evaluations the rules that were evaluated: all up to the first that matches
     */
    public record Selection(@Nullable String template, List<RuleEvaluation> evaluations) {
        /** The selection without rules. */
        public static final Selection NONE = new Selection(null, List.of());

        public Selection {
            evaluations = List.copyOf(evaluations);
        }
    }

    /** Returns the template of the first rule that matches. */
    public static Selection select(List<SelectionRule> rules, Facts facts) {
        List<RuleEvaluation> evaluations = new ArrayList<>();
        for (SelectionRule rule : rules) {
            Condition.Result result = rule.when().evaluate(facts);
            evaluations.add(new RuleEvaluation(rule.name(), result));
            if (result.matched()) {
                return new Selection(rule.then(), evaluations);
            }
        }
        return new Selection(null, evaluations);
    }

    /** Returns the columns of the record that the rules compare. One read returns all of them. */
    public static List<String> columns(List<SelectionRule> rules) {
        Set<String> columns = new LinkedHashSet<>();
        rules.forEach(rule -> columns.addAll(rule.when().columns()));
        return List.copyOf(columns);
    }
}
