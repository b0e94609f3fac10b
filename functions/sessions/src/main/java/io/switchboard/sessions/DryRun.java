package io.switchboard.sessions;

import io.switchboard.session.Session;
import io.switchboard.slug.Warning;
import io.switchboard.template.rule.RuleEvaluation;
import java.util.List;

/**
 * The session that a request would create.
 *
 * @param isFocused whether the session would receive the focus
 * @param warnings the session's warnings and those about the current state of the desk
 * @param evaluations the rules of the app profile that were evaluated; none if the request names a template
 */
record DryRun(Session session, boolean isFocused, List<Warning> warnings, List<RuleEvaluation> evaluations) {
    DryRun {
        evaluations = List.copyOf(evaluations);
        warnings = List.copyOf(warnings);
    }
}
