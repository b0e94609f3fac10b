package io.switchboard.template.rule;

import io.switchboard.json.ObjectReader;
import io.switchboard.template.rule.Condition.Comparison;
import io.switchboard.template.rule.Condition.Result;
import io.switchboard.text.InputLimits;
import java.math.BigDecimal;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Evaluates comparisons. */
final class Comparisons {
    /** A number as JSON has it, without an exponent. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,30}([.][0-9]{1,30})?");

    private Comparisons() {}

    static Result evaluate(Comparison comparison, Facts facts) {
        List<Object> found = comparison.path().equals(Path.TIME)
                ? List.of(time(comparison.timeZone(), facts))
                : facts.values(comparison.path());
        boolean matched =
                switch (comparison.operator()) {
                    case EXISTS ->
                        found.isEmpty()
                                == Boolean.FALSE.equals(comparison.values().getFirst());
                    case NE -> found.stream().noneMatch(value -> holds(comparison, value));
                    default -> found.stream().anyMatch(value -> holds(comparison, value));
                };
        return new Result(matched, comparison, found);
    }

    private static String time(@Nullable ZoneId zone, Facts facts) {
        return facts.now()
                .atZone(Objects.requireNonNull(zone))
                .toLocalTime()
                .withNano(0)
                .toString();
    }

    /**
     * Returns whether a comparison holds for one of the values that were found. {@code ne} is decided by {@code eq}.
     */
    private static boolean holds(Comparison comparison, Object found) {
        List<Object> values = comparison.values();
        return switch (comparison.operator()) {
            case EQ, NE -> isEqual(found, values.getFirst());
            case IN -> values.stream().anyMatch(value -> isEqual(found, value));
            case CONTAINS ->
                isEqual(found, values.getFirst())
                        || (found instanceof String text && text.contains(ObjectReader.textOf(values.getFirst())));
            case STARTS_WITH -> found instanceof String text && text.startsWith(ObjectReader.textOf(values.getFirst()));
            case GT -> isOrdered(values.getFirst(), found) && compare(found, values.getFirst()) > 0;
            case LT -> isOrdered(values.getFirst(), found) && compare(found, values.getFirst()) < 0;
            case BETWEEN -> isBetween(comparison, found);
            case EXISTS -> true;
        };
    }

    private static boolean isBetween(Comparison comparison, Object found) {
        Object from = comparison.values().getFirst();
        Object to = comparison.values().getLast();
        if (!comparison.path().equals(Path.TIME)) {
            return isOrdered(from, found)
                    && compare(found, from) >= 0
                    && isOrdered(to, found)
                    && compare(found, to) <= 0;
        }
        boolean isAfterStart = compare(found, from) >= 0;
        boolean isBeforeEnd = compare(found, to) < 0;
        // A range such as 22:00 to 06:00 includes midnight.
        return compare(from, to) <= 0 ? isAfterStart && isBeforeEnd : isAfterStart || isBeforeEnd;
    }

    /** Numbers are equal regardless of their form. Callers send many numbers and booleans as texts. */
    private static boolean isEqual(Object one, Object other) {
        @Nullable BigDecimal number = number(one);
        @Nullable BigDecimal otherNumber = number(other);
        boolean isText = one instanceof String && other instanceof String;
        return (number != null && otherNumber != null && !isText)
                ? number.compareTo(otherNumber) == 0
                : ObjectReader.textOf(one).equals(ObjectReader.textOf(other));
    }

    /** Returns whether two values have an order: both are numbers, or the rule's value is a text. */
    private static boolean isOrdered(Object ofRule, Object found) {
        return ofRule instanceof String ? found instanceof String : number(found) != null;
    }

    /** Compares numbers, times of day, or texts by their characters. */
    private static int compare(Object one, Object other) {
        if (one instanceof String text && other instanceof String otherText) {
            @Nullable LocalTime time = Condition.timeOfDay(text);
            @Nullable LocalTime otherTime = Condition.timeOfDay(otherText);
            return time != null && otherTime != null ? time.compareTo(otherTime) : text.compareTo(otherText);
        }
        return Objects.requireNonNull(number(one)).compareTo(Objects.requireNonNull(number(other)));
    }

    private static @Nullable BigDecimal number(Object value) {
        if (value instanceof BigDecimal number) {
            return number;
        }
        if (value instanceof String text ? !NUMBER.matcher(text).matches() : !(value instanceof Number)) {
            return null;
        }
        return new BigDecimal(value.toString());
    }

    static String reason(Comparison comparison, List<Object> found) {
        List<String> shown = new ArrayList<>();
        for (Object value : found.subList(0, Math.min(found.size(), 5))) {
            shown.add(InputLimits.excerpt(ObjectReader.textOf(value)));
        }
        String is = found.isEmpty() ? "has no value" : "is " + String.join(", ", shown);
        return comparison.path() + " " + is + "; the rule has "
                + comparison.operator().text() + " "
                + InputLimits.excerpt(String.valueOf(
                        comparison.values().size() == 1 ? comparison.values().getFirst() : comparison.values()));
    }
}
