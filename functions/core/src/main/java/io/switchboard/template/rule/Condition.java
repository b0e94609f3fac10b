package io.switchboard.template.rule;

import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The condition of a rule. It has at most {@link #DEPTH} levels and {@link #MOST} comparisons. */
public sealed interface Condition {
    /** The most nested {@code all}, {@code any} and {@code not}. */
    int DEPTH = 4;

    /** The most comparisons of a rule. */
    int MOST = 50;

    /** The most values of {@code in}. */
    int MOST_VALUES = 50;

    /** The longest text of a value, in characters. */
    int LONGEST_VALUE = 256;

    /** A time of day with minutes, and optional seconds. */
    Pattern TIME_OF_DAY = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?");

    /** All conditions hold. */
    record All(List<Condition> of) implements Condition {
        public All {
            of = List.copyOf(of);
        }
    }

    /** At least one condition holds. */
    record AnyOf(List<Condition> of) implements Condition {
        public AnyOf {
            of = List.copyOf(of);
        }
    }

    /** The condition does not hold. */
    record Not(Condition of) implements Condition {}

    /**
     * A comparison of the values of a path.
     *
     * @param values the values of the rule: one, or several for {@code in} and {@code between}
     * @param timeZone the zone of a time of day; null for other paths
     */
    record Comparison(
            String path,
            Operator operator,
            List<Object> values,
            @Nullable ZoneId timeZone) implements Condition {
        public Comparison {
            values = List.copyOf(values);
        }
    }

    /**
     * The result of a condition.
     *
     * @param decidedBy the comparison that decided; null for a group without conditions
     * @param found the values that it found
     */
    record Result(boolean matched, @Nullable Comparison decidedBy, List<Object> found) {
        /** Returns the comparison that decided, with its values, as a text. */
        public String reason() {
            return decidedBy == null ? "" : Comparisons.reason(decidedBy, found);
        }
    }

    /** Returns a time of day such as {@code 08:00} or {@code 08:00:30}; null for another text. */
    static @Nullable LocalTime timeOfDay(String text) {
        if (!TIME_OF_DAY.matcher(text).matches()) {
            return null;
        }
        return LocalTime.parse(text);
    }

    /** Evaluates the condition. */
    default Result evaluate(Facts facts) {
        return switch (this) {
            case All all -> evaluate(all.of, true, facts);
            case AnyOf any -> evaluate(any.of, false, facts);
            case Not not -> {
                Result result = not.of.evaluate(facts);
                yield new Result(!result.matched, result.decidedBy, result.found);
            }
            case Comparison comparison -> Comparisons.evaluate(comparison, facts);
        };
    }

    /** @param isAll whether the first condition that does not hold decides, or the first that holds */
    private static Result evaluate(List<Condition> conditions, boolean isAll, Facts facts) {
        Result last = new Result(isAll, null, List.of());
        for (Condition condition : conditions) {
            last = condition.evaluate(facts);
            if (last.matched != isAll) {
                return last;
            }
        }
        return last;
    }

    /** Returns the columns of the record that the condition compares. */
    default Set<String> columns() {
        Set<String> columns = new LinkedHashSet<>();
        switch (this) {
            case All all -> all.of.forEach(each -> columns.addAll(each.columns()));
            case AnyOf any -> any.of.forEach(each -> columns.addAll(each.columns()));
            case Not not -> columns.addAll(not.of.columns());
            case Comparison comparison -> Path.column(comparison.path).ifPresent(columns::add);
        }
        return columns;
    }
}
