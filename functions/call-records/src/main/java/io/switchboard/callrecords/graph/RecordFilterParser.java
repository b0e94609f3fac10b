package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecordFilter;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.ListOrder;
import io.switchboard.callrecords.store.RecordCondition;
import io.switchboard.callrecords.store.RecordCondition.AllOf;
import io.switchboard.callrecords.store.RecordCondition.AnyOf;
import io.switchboard.callrecords.store.RecordCondition.Comparison;
import io.switchboard.json.Violations;
import io.switchboard.text.InputLimits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Parses {@code $filter} of call records ({@code docs/reference/call-records.md}). It makes one pass over the text with
 * explicit stacks, without recursion or regular expressions, so that the thread's stack does not grow with the input.
 */
public final class RecordFilterParser {
    public static final String FILTER = "$filter";

    private static final String INVALID_VALUE = "invalidValue";
    private static final Map<String, Comparison> ORDERED = Map.of(
            "eq", Comparison.EQUAL,
            "ne", Comparison.NOT_EQUAL,
            "lt", Comparison.LESS,
            "le", Comparison.AT_MOST,
            "gt", Comparison.GREATER,
            "ge", Comparison.AT_LEAST);
    private static final String IN = "in";
    private static final List<String> INSTANTS = List.of("startDateTime", "endDateTime", "lastModifiedDateTime");
    private static final String TYPE_NAME = "microsoft.graph.callRecords.callType";
    private static final List<String> SUPPORTED = List.of(
            "startDateTime, endDateTime, lastModifiedDateTime or version with eq, ne, lt, le, gt, ge or in",
            "type or organizer_v2/id with eq, ne or in",
            "participants_v2/any(p:p/id eq '…') or participants_v2/any(p:p/id in ('…','…'))");

    private final Violations violations;
    private final FilterScanner scanner;
    /** The only property that the filter may name; null if it may name all. */
    private final @Nullable String onlyProperty;

    private final Deque<Operator> operators = new ArrayDeque<>();
    private final Deque<RecordCondition> operands = new ArrayDeque<>();
    private int open;
    private int conditions;
    private boolean isRejected;

    /** The operators in ascending precedence; an open parenthesis waits for its end. */
    private enum Operator {
        OPEN,
        OR,
        AND,
        NOT
    }

    private RecordFilterParser(String text, @Nullable ListOrder order, Violations violations) {
        this.scanner = new FilterScanner(text);
        this.onlyProperty = order != null && order.time() == ListOrder.Time.LAST_MODIFIED
                ? order.time().property()
                : null;
        this.violations = violations;
    }

    /** Parses the filter of a list without an order, and notes its violations. */
    public static CallRecordFilter parse(@Nullable String text, Violations violations) {
        return parse(text, null, violations);
    }

    /**
     * Parses a filter and notes its violations. With an order by last modification, it may name only that property.
     *
     * @param order the requested order; null if none was requested
     */
    public static CallRecordFilter parse(@Nullable String text, @Nullable ListOrder order, Violations violations) {
        if (text == null) {
            return CallRecordFilter.ALL;
        }
        RecordFilterParser parser = new RecordFilterParser(text, order, violations);
        @Nullable RecordCondition condition = parser.read();
        return condition == null ? CallRecordFilter.ALL : TimeBounds.of(condition, order);
    }

    /** Returns the condition; null if it was rejected. */
    private @Nullable RecordCondition read() {
        while (!isRejected) {
            scanner.consumeSpaces();
            if (opens()) {
                continue;
            }
            int begin = scanner.position();
            @Nullable RecordCondition condition = condition();
            if (condition == null) {
                rejectAt(begin);
                return null;
            }
            operands.push(condition);
            if (closes()) {
                return isRejected ? null : operands.pop();
            }
        }
        return null;
    }

    /** Consumes a parenthesis or a negation before a condition. */
    private boolean opens() {
        if (scanner.consume("(")) {
            open++;
            requireWithinLimits();
            operators.push(Operator.OPEN);
            return true;
        }
        if (!scanner.consumeWord("not")) {
            return false;
        }
        // Two negations are none, so the condition is never nested deeply.
        if (operators.peek() == Operator.NOT) {
            operators.pop();
        } else {
            operators.push(Operator.NOT);
        }
        return true;
    }

    /**
     * Consumes what follows a condition.
     *
     * @return whether the filter ends, also if it is rejected
     */
    private boolean closes() {
        while (true) {
            boolean isSpaced = scanner.consumeSpaces();
            if (scanner.consume(")")) {
                reduce(Operator.OR);
                if (operators.isEmpty()) {
                    reject("$filter closes a parenthesis that is not open. Remove it.");
                    return true;
                }
                operators.pop();
                open--;
                continue;
            }
            if (scanner.isAtEnd()) {
                reduce(Operator.OR);
                if (!operators.isEmpty()) {
                    reject("$filter has an unclosed parenthesis. Close or remove it.");
                }
                return true;
            }
            int begin = scanner.position();
            @Nullable
            Operator operator =
                    scanner.consumeWord("and") ? Operator.AND : scanner.consumeWord("or") ? Operator.OR : null;
            if (operator == null || !isSpaced || !scanner.consumeSpaces()) {
                rejectAt(begin);
                return true;
            }
            reduce(operator);
            operators.push(operator);
            return false;
        }
    }

    /** Applies the operators on the stack that bind at least as tightly as this one. */
    private void reduce(Operator operator) {
        for (@Nullable Operator top = operators.peek();
                top != null && top.compareTo(operator) >= 0;
                top = operators.peek()) {
            RecordCondition right = operands.pop();
            operands.push(
                    switch (operators.pop()) {
                        case NOT -> new RecordCondition.Not(right);
                        case AND -> new AllOf(joined(operands.pop(), right, AllOf.class, AllOf::conditions));
                        case OR -> new AnyOf(joined(operands.pop(), right, AnyOf.class, AnyOf::conditions));
                        case OPEN -> throw new IllegalStateException("An open parenthesis has no operands");
                    });
        }
    }

    /** Joins the operands of one operator into one list, so that a long filter is not nested deeply. */
    private static <C extends RecordCondition> List<RecordCondition> joined(
            RecordCondition left, RecordCondition right, Class<C> type, Function<C, List<RecordCondition>> conditions) {
        List<RecordCondition> joined = new ArrayList<>();
        for (RecordCondition each : List.of(left, right)) {
            if (type.isInstance(each)) {
                joined.addAll(conditions.apply(type.cast(each)));
            } else {
                joined.add(each);
            }
        }
        return joined;
    }

    // ---- conditions

    /** Returns the condition that comes next; null if it is not supported, or its value is rejected. */
    private @Nullable RecordCondition condition() {
        conditions++;
        requireWithinLimits();
        if (onlyProperty != null && !scanner.from(scanner.position()).startsWith(onlyProperty)) {
            reject(
                    "notAllowed",
                    "With $orderby=" + onlyProperty + ", $filter can name only " + onlyProperty
                            + ". Remove the other conditions, or order by startDateTime.");
            return null;
        }
        if (scanner.consume("participants_v2/any(")) {
            return participant();
        }
        if (scanner.consumeWord("organizer_v2/id")) {
            return text(RecordCondition.OfOrganizer::new, "");
        }
        String property = scanner.word();
        return switch (property) {
            case "type" -> text(RecordCondition.OfType::new, TYPE_NAME);
            case "version" -> compared(this::version);
            default -> INSTANTS.contains(property) ? compared(comparison -> instant(property, comparison)) : null;
        };
    }

    /** Reads an operator and its values. */
    private @Nullable RecordCondition compared(Function<Comparison, @Nullable RecordCondition> value) {
        if (!scanner.consumeSpaces()) {
            return null;
        }
        String operator = scanner.word();
        if (operator.equals(IN)) {
            return values(() -> value.apply(Comparison.EQUAL));
        }
        @Nullable Comparison comparison = ORDERED.get(operator);
        return comparison == null || !scanner.consumeSpaces() ? null : value.apply(comparison);
    }

    /** A value that may be missing. */
    private interface Value {
        @Nullable
        RecordCondition read();
    }

    /** Reads the values in parentheses after {@code in}. */
    private @Nullable RecordCondition values(Value value) {
        List<RecordCondition> any = new ArrayList<>();
        if (!scanner.consumeSpaced("(")) {
            return null;
        }
        do {
            @Nullable RecordCondition each = value.read();
            if (each == null || isRejected) {
                return null;
            }
            // The first value is part of the condition.
            conditions += any.isEmpty() ? 0 : 1;
            requireWithinLimits();
            any.add(each);
        } while (scanner.consumeSpaced(","));
        return scanner.consume(")") ? new AnyOf(any) : null;
    }

    /** Reads {@code eq}, {@code ne} or {@code in} and quoted texts. */
    private @Nullable RecordCondition text(Function<String, RecordCondition> property, String typeName) {
        if (!scanner.consumeSpaces()) {
            return null;
        }
        Value value = () -> {
            scanner.consume(typeName);
            @Nullable String text = scanner.quoted();
            return text == null ? null : property.apply(text);
        };
        String operator = scanner.word();
        if (operator.equals(IN)) {
            return values(value);
        }
        if ((!operator.equals("eq") && !operator.equals("ne")) || !scanner.consumeSpaces()) {
            return null;
        }
        @Nullable RecordCondition equal = value.read();
        return equal == null || operator.equals("eq") ? equal : new RecordCondition.Not(equal);
    }

    private @Nullable RecordCondition version(Comparison comparison) {
        try {
            return new RecordCondition.OfVersion(comparison, Long.parseLong(scanner.literal()));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable RecordCondition instant(String property, Comparison comparison) {
        String literal = scanner.literal();
        Optional<GraphInstant> instant = FilterInstant.of(literal);
        if (instant.isEmpty() && !literal.isEmpty()) {
            reject("$filter compares " + property + " with " + InputLimits.excerpt(literal)
                    + ", which is not a date, nor a date and time with an offset. Send a value such as"
                    + " 2026-03-04T09:15:00Z.");
        }
        return instant.map(each -> new RecordCondition.OfInstant(property, comparison, each))
                .orElse(null);
    }

    /** Reads the lambda after {@code any(}. */
    private @Nullable RecordCondition participant() {
        scanner.consumeSpaces();
        String variable = scanner.word();
        if (variable.isEmpty()
                || !scanner.consumeSpaced(":")
                || !scanner.word().equals(variable)
                || !scanner.consumeWord("/id")
                || !scanner.consumeSpaces()) {
            return null;
        }
        String operator = scanner.word();
        @Nullable
        RecordCondition condition = operator.equals(IN)
                ? values(this::participantId)
                : operator.equals("eq") && scanner.consumeSpaces() ? participantId() : null;
        scanner.consumeSpaces();
        return condition != null && scanner.consume(")") ? condition : null;
    }

    private @Nullable RecordCondition participantId() {
        @Nullable String id = scanner.quoted();
        if (id != null && !CallRecordKey.fits(id)) {
            reject("The participant id in $filter has more than " + CallRecordKey.LONGEST_ID
                    + " bytes when encoded. Participant ids are shorter; send a shorter one.");
            return null;
        }
        return id == null ? null : new RecordCondition.OfParticipant(id);
    }

    // ---- violations

    private void requireWithinLimits() {
        if (open > InputLimits.PARENTHESES || conditions > InputLimits.CONDITIONS) {
            reject("$filter has more than " + InputLimits.CONDITIONS + " conditions or more than "
                    + InputLimits.PARENTHESES + " levels of parentheses. Send a shorter filter.");
        }
    }

    private void rejectAt(int position) {
        if (!isRejected) {
            isRejected = true;
            violations.add(
                    INVALID_VALUE,
                    FILTER,
                    "$filter is invalid at " + InputLimits.excerpt(scanner.from(position))
                            + ". Join conditions with and or or, negate them with not; each must be one of",
                    SUPPORTED);
        }
    }

    private void reject(String message) {
        reject(INVALID_VALUE, message);
    }

    private void reject(String code, String message) {
        if (!isRejected) {
            isRejected = true;
            violations.add(code, FILTER, message);
        }
    }
}
