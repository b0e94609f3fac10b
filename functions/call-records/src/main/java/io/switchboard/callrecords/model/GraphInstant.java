package io.switchboard.callrecords.model;

import java.time.LocalDateTime;
import java.time.Month;
import java.time.chrono.IsoChronology;
import java.util.Optional;

/**
 * An Edm.DateTimeOffset as an instant: any offset up to 14 hours, up to 12 fractional digits (java.time has 9), years
 * 0000 to 9999, both as written and in UTC ({@code docs/domain/call-records.md}, "Value patterns").
 *
 * @param key the instant in UTC as text that sorts as instants do, without trailing zeros of the fraction and without
 *     zone: {@code 2026-03-04T09:15:02.441}. It contains none of {@code # % /}
 */
@SuppressWarnings("DoNotCallSuggester")
public record GraphInstant(String key) implements Comparable<GraphInstant> {
    private static final String DATE_TIME_FORM = "dddd-dd-ddTdd:dd:dd";
    private static final String MINUTE_FORM = "dddd-dd-ddTdd:dd";
    private static final String OFFSET_FORM = "dd:dd";
    private static final int LONGEST_FRACTION = 12;
    private static final int LARGEST_OFFSET = 14 * 60;
    private static final int LARGEST_YEAR = 9_999;

    /** Parses an instant; empty if the text is not an Edm.DateTimeOffset, for example on 30 February. */
    public static Optional<GraphInstant> of(String sent) {
        String text = withSeconds(sent);
        if (!hasForm(text, 0, DATE_TIME_FORM)) {
            return Optional.empty();
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 7);
        int day = number(text, 8, 10);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (month < 1
                || month > 12
                || day < 1
                || day > Month.of(month).length(IsoChronology.INSTANCE.isLeapYear(year))
                || hour > 23
                || minute > 59
                || second > 59) {
            return Optional.empty();
        }
        int endOfFraction = endOfFraction(text);
        int offset = endOfFraction < 0 ? Integer.MAX_VALUE : offset(text, endOfFraction);
        if (offset == Integer.MAX_VALUE) {
            return Optional.empty();
        }
        LocalDateTime utc =
                LocalDateTime.of(year, month, day, hour, minute, second).minusMinutes(offset);
        if (utc.getYear() < 0 || utc.getYear() > LARGEST_YEAR) {
            return Optional.empty();
        }
        StringBuilder key = new StringBuilder();
        pad(key, utc.getYear(), 4);
        pad(key.append('-'), utc.getMonthValue(), 2);
        pad(key.append('-'), utc.getDayOfMonth(), 2);
        pad(key.append('T'), utc.getHour(), 2);
        pad(key.append(':'), utc.getMinute(), 2);
        pad(key.append(':'), utc.getSecond(), 2);
        appendFraction(key, text, endOfFraction);
        return Optional.of(new GraphInstant(key.toString()));
    }

    /** Returns an instant with seconds, which OData allows to omit and Graph's clients require. */
    static String withSeconds(String text) {
        int end = MINUTE_FORM.length();
        boolean lacksSeconds =
                text.length() > end && "Z+-".indexOf(text.charAt(end)) >= 0 && hasForm(text, 0, MINUTE_FORM);
        return lacksSeconds ? text.substring(0, end) + ":00" + text.substring(end) : text;
    }

    /** Returns the day in UTC, {@code 2026-03-04}. */
    public String day() {
        return key.substring(0, 10);
    }

    @Override
    public int compareTo(GraphInstant other) {
        return key.compareTo(other.key);
    }

    /** Returns the end of the seconds or of their fraction; -1 if the fraction is invalid. */
    private static int endOfFraction(String text) {
        int begin = DATE_TIME_FORM.length();
        if (begin == text.length() || text.charAt(begin) != '.') {
            return begin;
        }
        int end = begin + 1;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        int digits = end - begin - 1;
        return digits >= 1 && digits <= LONGEST_FRACTION ? end : -1;
    }

    private static void appendFraction(StringBuilder key, String text, int endOfFraction) {
        int end = endOfFraction;
        while (end > DATE_TIME_FORM.length() && (text.charAt(end - 1) == '0' || text.charAt(end - 1) == '.')) {
            end--;
        }
        key.append(text, DATE_TIME_FORM.length(), end);
    }

    /** Returns the offset in minutes, or {@code Integer.MAX_VALUE} if it is invalid. */
    private static int offset(String text, int begin) {
        if (text.startsWith("Z", begin)) {
            return begin + 1 == text.length() ? 0 : Integer.MAX_VALUE;
        }
        boolean isNegative = text.startsWith("-", begin);
        if ((!isNegative && !text.startsWith("+", begin))
                || !hasForm(text, begin + 1, OFFSET_FORM)
                || text.length() != begin + 1 + OFFSET_FORM.length()) {
            return Integer.MAX_VALUE;
        }
        int minutes = number(text, begin + 4, begin + 6);
        int offset = number(text, begin + 1, begin + 3) * 60 + minutes;
        if (minutes > 59 || offset > LARGEST_OFFSET) {
            return Integer.MAX_VALUE;
        }
        return isNegative ? -offset : offset;
    }

    /** Returns true if the text from {@code begin} has this form, in which {@code d} stands for a digit. */
    private static boolean hasForm(String text, int begin, String form) {
        if (text.length() < begin + form.length()) {
            return false;
        }
        for (int i = 0; i < form.length(); i++) {
            char c = text.charAt(begin + i);
            if (form.charAt(i) == 'd' ? !isDigit(c) : c != form.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int number(String text, int begin, int end) {
        return Integer.parseInt(text, begin, end, 10);
    }

    private static void pad(StringBuilder key, int number, int digits) {
        String text = Integer.toString(number);
        key.repeat('0', digits - text.length()).append(text);
    }
}
