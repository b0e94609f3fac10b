package io.switchboard.slug;

import io.switchboard.json.Violation;
import io.switchboard.text.InputLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that was changed or left out. With {@code Prefer: handling=strict} it is an error, except a correlation id that was ignored:
 * telemetry never fails a call.
 *
 * @param code such as {@code unresolvedSlug}
 * @param message what happened and what to do about it
 * @param target where, such as {@code title} or {@code tabs[0].parameters.data}
 */
public record Warning(String code, String message, String target) {
    /** The code of a correlation id that was ignored. */
    public static final String CORRELATION_ID_IGNORED = "correlationIdIgnored";

    /** Targets hold names of the caller: of a long one, only the beginning is repeated. */
    public Warning {
        message = InputLimits.abridged(message, target);
        target = InputLimits.excerpt(target);
    }

    /** The warnings that {@code Prefer: handling=strict} makes errors. */
    public static List<Warning> errors(List<Warning> warnings) {
        List<Warning> errors = new ArrayList<>();
        for (Warning warning : warnings) {
            if (!warning.code.equals(CORRELATION_ID_IGNORED)) {
                errors.add(warning);
            }
        }
        return errors;
    }

    /** The warnings as what is wrong with a request, in their order. */
    public static List<Violation> violations(List<Warning> warnings) {
        List<Violation> violations = new ArrayList<>();
        for (Warning warning : warnings) {
            violations.add(new Violation(warning.code, warning.message, warning.target));
        }
        return violations;
    }

    /** Warnings as an answer shows them, in their order. */
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
