package io.switchboard.session;

import io.switchboard.http.Refusal;
import io.switchboard.http.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * Something that was mended or left out while a session was made; with {@code Prefer: handling=strict} it is an error.
 *
 * @param code such as {@code unresolvedSlug}
 * @param message what happened and what to do about it
 * @param target where, such as {@code title} or {@code tabs[0].parameters.data}
 */
public record Warning(String code, String message, String target) {
    /** The error {@code Prefer: handling=strict} makes of warnings: 422 with the first one's code, and all in its details. */
    public static Refusal asError(List<Warning> warnings) {
        List<Violation> details = new ArrayList<>();
        for (Warning warning : warnings) {
            details.add(new Violation(warning.code, warning.message, warning.target));
        }
        return Refusal.unprocessable(
                warnings.getFirst().code,
                warnings.getFirst().message + " (Prefer: handling=strict makes warnings errors.)",
                details);
    }
}
