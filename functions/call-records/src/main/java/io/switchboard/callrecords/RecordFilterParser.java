package io.switchboard.callrecords;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecordFilter;
import io.switchboard.http.Violations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code $filter} of call records as Graph documents it ({@code graph-callrecords.md} §B.2): {@code startDateTime} with {@code lt le gt ge eq} and
 * {@code participants_v2/any(p:p/id eq '…')}, joined by {@code and}.
 */
final class RecordFilterParser {
    static final String FILTER = "$filter";

    private static final Pattern START = Pattern.compile("startDateTime\\s+(lt|le|gt|ge|eq)\\s+(\\S+)");
    private static final Pattern PARTICIPANT =
            Pattern.compile("participants_v2/any\\(\\s*(\\w+)\\s*:\\s*(\\w+)/id\\s+eq\\s+'((?:[^']|'')+)'\\s*\\)");

    private RecordFilterParser() {}

    /** The filter that a text says; what it says wrong is noted. */
    static CallRecordFilter parse(@Nullable String text, Violations violations) {
        CallRecordFilter filter = CallRecordFilter.ALL;
        if (text == null) {
            return filter;
        }
        for (String condition : conditions(text)) {
            Matcher start = START.matcher(condition);
            Matcher participant = PARTICIPANT.matcher(condition);
            if (start.matches()) {
                Optional<GraphInstant> instant = GraphInstant.of(start.group(2));
                if (instant.isEmpty()) {
                    refuse(
                            violations,
                            "$filter compares startDateTime with " + start.group(2)
                                    + ", which is no date with time and offset such as 2026-03-04T09:15:00Z.");
                } else {
                    filter = bounded(filter, start.group(1), instant.get());
                }
            } else if (participant.matches() && participant.group(1).equals(participant.group(2))) {
                String id = participant.group(3).replace("''", "'");
                if (filter.participant() != null && !filter.participant().equals(id)) {
                    refuse(violations, "$filter names two participants; at most one is possible.");
                }
                filter = new CallRecordFilter(
                        filter.from(), filter.fromInclusive(), filter.to(), filter.toInclusive(), id);
            } else {
                refuse(
                        violations,
                        "$filter is not understood at " + condition
                                + ": possible are startDateTime with lt, le, gt, ge or eq and participants_v2/any(p:p/id eq '…'),"
                                + " joined by and.");
            }
        }
        return filter;
    }

    private static void refuse(Violations violations, String message) {
        violations.add("invalidValue", FILTER, message);
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

    /** Conditions between {@code and}s that stand in no quotes and no parentheses; parentheses around all of one are taken away. */
    private static List<String> conditions(String text) {
        List<String> conditions = new ArrayList<>();
        int depth = 0;
        boolean isQuoted = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'') {
                isQuoted = !isQuoted;
            } else if (!isQuoted && c == '(') {
                depth++;
            } else if (!isQuoted && c == ')') {
                depth--;
            } else if (!isQuoted && depth == 0 && text.startsWith(" and ", i)) {
                conditions.addAll(unwrapped(text.substring(begin, i)));
                begin = i + " and ".length();
            }
        }
        conditions.addAll(unwrapped(text.substring(begin)));
        return conditions;
    }

    private static List<String> unwrapped(String condition) {
        String text = condition.strip();
        return text.startsWith("(") && text.endsWith(")")
                ? conditions(text.substring(1, text.length() - 1))
                : List.of(text);
    }
}
