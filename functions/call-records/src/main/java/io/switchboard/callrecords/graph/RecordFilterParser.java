package io.switchboard.callrecords.graph;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecordFilter;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.json.Violations;
import io.switchboard.text.InputLimits;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parses {@code $filter} of call records ({@code docs/reference/call-records.md}): {@code startDateTime} with {@code lt
 * le gt ge eq} and {@code participants_v2/any(p:p/id eq '…')}, joined by {@code and}, with optional parentheses. It
 * makes one pass over the text, without recursion or regular expressions, so that the stack does not grow with the
 * input.
 */
public final class RecordFilterParser {
    public static final String FILTER = "$filter";

    private static final String INVALID_VALUE = "invalidValue";
    private static final String AND = " and ";
    private static final List<String> OPERATORS = List.of("lt", "le", "gt", "ge", "eq");
    private static final List<String> SUPPORTED =
            List.of("startDateTime with lt, le, gt, ge or eq", "participants_v2/any(p:p/id eq '…')");

    private final Violations violations;
    private CallRecordFilter filter = CallRecordFilter.ALL;
    private int conditions;

    private RecordFilterParser(Violations violations) {
        this.violations = violations;
    }

    /** Parses a filter and notes its violations. */
    public static CallRecordFilter parse(@Nullable String text, Violations violations) {
        RecordFilterParser parser = new RecordFilterParser(violations);
        if (text != null) {
            parser.read(text);
        }
        return parser.filter;
    }

    private void read(String text) {
        int at = 0;
        int open = 0;
        while (at <= text.length()) {
            int begin = at;
            while (begin < text.length() && (isSpace(text.charAt(begin)) || text.charAt(begin) == '(')) {
                open += text.charAt(begin) == '(' ? 1 : 0;
                begin++;
            }
            conditions++;
            if (open > InputLimits.PARENTHESES || conditions > InputLimits.CONDITIONS) {
                reject("$filter has more than " + InputLimits.CONDITIONS + " conditions or more than "
                        + InputLimits.PARENTHESES + " levels of parentheses. Send a shorter filter.");
                return;
            }
            End end = end(text, begin);
            int last = withoutSpaces(text, begin, end.at);
            // Parentheses that close after a condition were opened before one.
            for (int i = 0; i < end.unopened && open > 0 && last > begin && text.charAt(last - 1) == ')'; i++) {
                open--;
                last = withoutSpaces(text, begin, last - 1);
            }
            condition(text.substring(begin, last));
            at = end.at + AND.length();
        }
        if (open > 0) {
            reject("$filter has an unclosed parenthesis. Close or remove it.");
        }
    }

    /**
     * The end of a condition.
     *
     * @param at the next {@code and} outside quotes and parentheses, or the end of the text
     * @param unopened how many more parentheses close before it than open
     */
    private record End(int at, int unopened) {}

    private static End end(String text, int begin) {
        int depth = 0;
        boolean isQuoted = false;
        for (int i = begin; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'') {
                isQuoted = !isQuoted;
            } else if (!isQuoted && c == '(') {
                depth++;
            } else if (!isQuoted && c == ')') {
                depth--;
            } else if (!isQuoted && depth <= 0 && text.startsWith(AND, i)) {
                return new End(i, -depth);
            }
        }
        return new End(text.length(), Math.max(0, -depth));
    }

    private static int withoutSpaces(String text, int begin, int end) {
        int last = end;
        while (last > begin && isSpace(text.charAt(last - 1))) {
            last--;
        }
        return last;
    }

    private void condition(String text) {
        Scanner scanner = new Scanner(text);
        if (scanner.consume("startDateTime") && scanner.consumeSpaces()) {
            String operator = scanner.word();
            if (OPERATORS.contains(operator) && scanner.consumeSpaces()) {
                start(operator, scanner.rest());
                return;
            }
        } else if (scanner.consume("participants_v2/any(")) {
            @Nullable String id = participant(scanner);
            if (id != null) {
                participant(id);
                return;
            }
        }
        violations.add(
                INVALID_VALUE,
                FILTER,
                "$filter is invalid at " + InputLimits.excerpt(text)
                        + ". Join conditions with and; each must be one of",
                SUPPORTED);
    }

    private void start(String operator, String text) {
        Optional<GraphInstant> instant = GraphInstant.of(text);
        if (instant.isEmpty()) {
            reject("$filter compares startDateTime with " + InputLimits.excerpt(text)
                    + ", which is not a date and time with an offset. Send a value such as 2026-03-04T09:15:00Z.");
        } else {
            filter = bounded(filter, operator, instant.get());
        }
    }

    /** Returns the id in the lambda after {@code any(}; null if the text has another form. */
    private static @Nullable String participant(Scanner scanner) {
        scanner.consumeSpaces();
        String variable = scanner.word();
        scanner.consumeSpaces();
        boolean isDeclared = !variable.isEmpty() && scanner.consume(":");
        scanner.consumeSpaces();
        if (!isDeclared
                || !scanner.word().equals(variable)
                || !scanner.consume("/id")
                || !scanner.consumeSpaces()
                || !scanner.consume("eq")
                || !scanner.consumeSpaces()) {
            return null;
        }
        @Nullable String id = scanner.quoted();
        scanner.consumeSpaces();
        return id != null && scanner.consume(")") && scanner.rest().isEmpty() ? id : null;
    }

    private void participant(String id) {
        if (!CallRecordKey.fits(id)) {
            reject("The participant id in $filter has more than " + CallRecordKey.LONGEST_ID
                    + " bytes when encoded. Participant ids are shorter; send a shorter one.");
            return;
        }
        if (filter.participant() != null && !filter.participant().equals(id)) {
            reject("$filter has two participant ids. Send at most one.");
        }
        filter = new CallRecordFilter(filter.from(), filter.fromInclusive(), filter.to(), filter.toInclusive(), id);
    }

    private void reject(String message) {
        violations.add(INVALID_VALUE, FILTER, message);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    /** Reads one condition from left to right. Not thread-safe. */
    private static final class Scanner {
        private final String text;
        private int at;

        Scanner(String text) {
            this.text = text;
        }

        /** Consumes this text if it comes next. */
        boolean consume(String expected) {
            boolean isNext = text.startsWith(expected, at);
            at += isNext ? expected.length() : 0;
            return isNext;
        }

        /** Consumes white space; false if there is none. */
        boolean consumeSpaces() {
            int begin = at;
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
            return at > begin;
        }

        /** Consumes and returns the letters, digits and underscores that come next. */
        String word() {
            int begin = at;
            while (at < text.length() && isWord(text.charAt(at))) {
                at++;
            }
            return text.substring(begin, at);
        }

        private static boolean isWord(char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        }

        /**
         * Consumes and returns the single-quoted text that comes next; two quotes inside it mean one. Null if there is
         * none or it is empty.
         */
        @Nullable
        String quoted() {
            if (!consume("'")) {
                return null;
            }
            StringBuilder quoted = new StringBuilder();
            while (at < text.length()) {
                char c = text.charAt(at);
                at++;
                if (c != '\'') {
                    quoted.append(c);
                } else if (consume("'")) {
                    quoted.append(c);
                } else {
                    return quoted.isEmpty() ? null : quoted.toString();
                }
            }
            return null;
        }

        String rest() {
            return text.substring(at);
        }
    }

    private static CallRecordFilter bounded(CallRecordFilter filter, String operator, GraphInstant instant) {
        CallRecordFilter bounded = filter;
        boolean isInclusive = !operator.endsWith("t");
        if (!operator.startsWith("l") && narrows(filter.from(), filter.fromInclusive(), instant, isInclusive, 1)) {
            bounded = new CallRecordFilter(
                    instant, isInclusive, bounded.to(), bounded.toInclusive(), bounded.participant());
        }
        if (!operator.startsWith("g") && narrows(filter.to(), filter.toInclusive(), instant, isInclusive, -1)) {
            bounded = new CallRecordFilter(
                    bounded.from(), bounded.fromInclusive(), instant, isInclusive, bounded.participant());
        }
        return bounded;
    }

    private static boolean narrows(
            @Nullable GraphInstant bound,
            boolean wasInclusive,
            GraphInstant other,
            boolean isInclusive,
            int direction) {
        if (bound == null) {
            return true;
        }
        int compared = other.compareTo(bound) * direction;
        return compared > 0 || (compared == 0 && wasInclusive && !isInclusive);
    }
}
