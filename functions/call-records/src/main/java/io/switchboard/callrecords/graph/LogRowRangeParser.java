package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.model.RangeFunction;
import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.callrecords.store.LogRowRange;
import io.switchboard.json.Violations;
import io.switchboard.text.InputLimits;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses the parameters of Graph's functions that read rows of logs:
 * {@code fromDateTime=2026-11-01,toDateTime=2026-11-30T12:00:00Z}. A date is midnight in UTC. Values may be in single
 * quotation marks.
 */
public final class LogRowRangeParser {
    /** The longest range, as in Graph. */
    private static final Duration LONGEST = Duration.ofDays(90);

    private static final String FROM = RangeFunction.FROM;
    private static final String TO = RangeFunction.TO;
    private static final List<String> NAMES = List.of(FROM, TO);

    private static final int DATE_LENGTH = "2026-11-01".length();
    /** The length of an instant in a key, without a fraction of a second. */
    private static final int SECONDS_LENGTH = "2026-11-01T00:00:00".length();

    private LogRowRangeParser() {}

    /**
     * Returns the range.
     *
     * @param parameters the text between the parentheses
     * @param violations collects all violations
     * @return null if there are violations
     */
    public static @Nullable LogRowRange parse(
            String tenant, LogRowKind kind, String parameters, Violations violations) {
        Map<String, GraphInstant> instants = new LinkedHashMap<>();
        for (String parameter : parameters.split(",", -1)) {
            int equals = parameter.indexOf('=');
            String name = (equals < 0 ? parameter : parameter.substring(0, equals)).strip();
            if (equals < 0 || !NAMES.contains(name)) {
                violations.add(
                        "invalidValue",
                        InputLimits.excerpt(name),
                        kind.function() + " has no parameter " + InputLimits.excerpt(name)
                                + ". Send fromDateTime=…,toDateTime=… in the parentheses.");
                continue;
            }
            @Nullable
            GraphInstant instant = instant(parameter.substring(equals + 1).strip());
            if (instant == null) {
                violations.add(
                        "invalidValue",
                        name,
                        name + " must be a date, such as 2026-11-01, or a date and time with offset, such as"
                                + " 2026-11-01T00:00:00Z.");
            } else if (instants.put(name, instant) != null) {
                violations.add("duplicateValue", name, name + " must be sent once.");
            }
        }
        if (!violations.isEmpty()) {
            return null;
        }
        for (String name : NAMES) {
            if (!instants.containsKey(name)) {
                violations.add(
                        "required", name, name + " is required: " + kind.function() + "(fromDateTime=…,toDateTime=…).");
            }
        }
        @Nullable GraphInstant from = instants.get(FROM);
        @Nullable GraphInstant to = instants.get(TO);
        if (from == null || to == null) {
            return null;
        }
        if (from.compareTo(to) > 0) {
            violations.add("invalidValue", TO, "toDateTime must not be before fromDateTime.");
        } else if (isTooLong(from, to)) {
            violations.add(
                    "invalidValue",
                    TO,
                    "The range must have at most " + LONGEST.toDays()
                            + " days. Send several requests with shorter ranges.");
        }
        return violations.isEmpty() ? new LogRowRange(tenant, kind, from, to) : null;
    }

    private static @Nullable GraphInstant instant(String value) {
        boolean isQuoted = value.length() > 1 && value.startsWith("'") && value.endsWith("'");
        String text = isQuoted ? value.substring(1, value.length() - 1) : value;
        return GraphInstant.of(text.length() == DATE_LENGTH ? text + "T00:00:00Z" : text)
                .orElse(null);
    }

    private static boolean isTooLong(GraphInstant from, GraphInstant to) {
        int longer = seconds(to).compareTo(seconds(from).plus(LONGEST));
        return longer > 0 || (longer == 0 && fraction(to).compareTo(fraction(from)) > 0);
    }

    private static LocalDateTime seconds(GraphInstant instant) {
        return LocalDateTime.parse(instant.key().substring(0, SECONDS_LENGTH));
    }

    /** Returns the fraction of a second, such as {@code .5}; these texts sort as numbers do. */
    private static String fraction(GraphInstant instant) {
        return instant.key().substring(SECONDS_LENGTH);
    }
}
