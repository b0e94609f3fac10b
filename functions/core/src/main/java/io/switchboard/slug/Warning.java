package io.switchboard.slug;

import io.switchboard.json.Violation;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change or an omission. With {@code Prefer: handling=strict} it becomes an error, except an ignored correlation id,
 * because telemetry never fails a request.
 *
 * @param code such as {@code unresolvedSlug}
 * @param message the change and how to avoid it
 * @param target the position, such as {@code title} or {@code tabs[0].parameters.data}
 */
public record Warning(String code, String message, String target) {
    /** The code of an ignored correlation id. */
    public static final String CORRELATION_ID_IGNORED = "correlationIdIgnored";

    /** Shortens the target, because it can contain long names of the caller. */
    public Warning {
        message = InputLimits.abridged(message, target);
        target = InputLimits.excerpt(target);
    }

    /** Returns the warnings that {@code Prefer: handling=strict} turns into errors. */
    public static List<Warning> errors(List<Warning> warnings) {
        List<Warning> errors = new ArrayList<>();
        for (Warning warning : warnings) {
            if (!warning.code.equals(CORRELATION_ID_IGNORED)) {
                errors.add(warning);
            }
        }
        return errors;
    }

    /** Converts warnings to violations, in their order. */
    public static List<Violation> violations(List<Warning> warnings) {
        List<Violation> violations = new ArrayList<>();
        for (Warning warning : warnings) {
            violations.add(new Violation(warning.code, warning.message, warning.target));
        }
        return violations;
    }

    /** Returns the JSON of warnings, in their order. */
    public static List<Map<String, Object>> toJson(List<Warning> warnings) {
        List<Map<String, Object>> json = new ArrayList<>();
        for (Warning warning : warnings) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("code", warning.code);
            one.put("message", warning.message);
            one.put("target", warning.target);
            json.add(one);
        }
        return json;
    }
}
