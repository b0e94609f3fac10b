package io.switchboard.callrecords.model;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Parses Edm.Duration: days, hours, minutes and seconds, without years, months or weeks
 * ({@code docs/domain/call-records.md}, "Value patterns"). The published pattern also accepts {@code P}, {@code PT} and
 * {@code P1DT}, which are not durations. The notation of Python's {@code timedelta} is accepted too: {@code 1 day,
 * 2:03:04.5}, in which only the days of a negative duration are negative.
 */
final class EdmDuration {
    /** The length of the longest number that JSON bodies may contain. */
    private static final int LONGEST = 100;

    private static final int FIRST_OF_TIME = 1;
    private static final int SECONDS = 3;
    private static final String UNITS = "DHMS";
    private static final String DAY = " day";
    private static final int HOURS_OF_A_DAY = 24;
    private static final int SIXTY = 60;

    private EdmDuration() {}

    /** Returns the seconds of a duration; empty if the text is not a duration. */
    static Optional<BigDecimal> seconds(String text) {
        return text.indexOf(':') < 0 ? ofIso(text) : ofPython(text);
    }

    /** Returns a valid duration in the notation of ISO 8601: the same text if it has that notation. */
    static String iso(String text) {
        return text.indexOf(':') < 0
                ? text
                : ofPython(text).map(EdmDuration::written).orElse(text);
    }

    private static String written(BigDecimal seconds) {
        StringBuilder iso = new StringBuilder(seconds.signum() < 0 ? "-P" : "P");
        BigDecimal rest = seconds.abs();
        for (int unit = 0; unit < SECONDS; unit++) {
            BigDecimal[] parts = rest.divideAndRemainder(BigDecimal.valueOf(inSeconds(unit)));
            if (parts[0].signum() > 0) {
                iso.append(unit >= FIRST_OF_TIME && iso.indexOf("T") < 0 ? "T" : "")
                        .append(parts[0].toBigInteger())
                        .append(UNITS.charAt(unit));
            }
            rest = parts[1];
        }
        if (rest.signum() > 0 || seconds.signum() == 0) {
            iso.append(iso.indexOf("T") < 0 ? "T" : "")
                    .append(rest.stripTrailingZeros().toPlainString())
                    .append('S');
        }
        return iso.toString();
    }

    private static Optional<BigDecimal> ofPython(String text) {
        boolean isNegative = text.startsWith("-");
        int at = isNegative ? 1 : 0;
        int endOfDays = endOfDigits(text, at);
        BigDecimal days = BigDecimal.ZERO;
        boolean hasDays = text.length() <= LONGEST && endOfDays > at && text.startsWith(DAY, endOfDays);
        if (hasDays) {
            days = new BigDecimal(text.substring(at, endOfDays));
            at = endOfDays + DAY.length();
            at += text.startsWith("s", at) ? 1 : 0;
            if (!text.startsWith(", ", at)) {
                return Optional.empty();
            }
            at += 2;
        }
        int endOfHours = endOfDigits(text, at);
        int endOfMinutes = endOfDigits(text, endOfHours + 1);
        int endOfSeconds = endOfDigits(text, endOfMinutes + 1);
        boolean hasFraction = text.startsWith(".", endOfSeconds);
        int end = hasFraction ? endOfDigits(text, endOfSeconds + 1) : endOfSeconds;
        if (text.length() > LONGEST
                || end != text.length()
                || (hasFraction && end == endOfSeconds + 1)
                || endOfHours == at
                || endOfHours > at + 2
                || endOfMinutes != endOfHours + 3
                || endOfSeconds != endOfMinutes + 3
                || text.charAt(endOfHours) != ':'
                || text.charAt(endOfMinutes) != ':') {
            return Optional.empty();
        }
        int hours = Integer.parseInt(text, at, endOfHours, 10);
        int minutes = Integer.parseInt(text, endOfHours + 1, endOfMinutes, 10);
        BigDecimal seconds = new BigDecimal(text.substring(endOfMinutes + 1));
        if (hours >= HOURS_OF_A_DAY || minutes >= SIXTY || seconds.compareTo(BigDecimal.valueOf(SIXTY)) >= 0) {
            return Optional.empty();
        }
        BigDecimal clock = seconds.add(BigDecimal.valueOf(hours * inSeconds(1) + minutes * inSeconds(2)));
        BigDecimal signedDays = (isNegative ? days.negate() : days).multiply(BigDecimal.valueOf(inSeconds(0)));
        return Optional.of(hasDays ? signedDays.add(clock) : isNegative ? clock.negate() : clock);
    }

    private static Optional<BigDecimal> ofIso(String text) {
        boolean isNegative = text.startsWith("-");
        int at = isNegative ? 1 : 0;
        if (text.length() > LONGEST || !text.startsWith("P", at) || text.endsWith("P") || text.endsWith("T")) {
            return Optional.empty();
        }
        at++;
        BigDecimal total = BigDecimal.ZERO;
        int next = 0;
        while (at < text.length()) {
            if (text.charAt(at) == 'T' && next < FIRST_OF_TIME + 1 && text.indexOf('T') == at) {
                next = FIRST_OF_TIME;
                at++;
                continue;
            }
            int end = endOfDigits(text, at);
            boolean hasFraction = end < text.length() && text.charAt(end) == '.';
            int endOfNumber = hasFraction ? endOfDigits(text, end + 1) : end;
            if (end == at || (hasFraction && endOfNumber == end + 1) || endOfNumber == text.length()) {
                return Optional.empty();
            }
            int unit = UNITS.indexOf(text.charAt(endOfNumber));
            boolean isBehindT = text.lastIndexOf('T', at) >= 0;
            if (unit < next || isBehindT != unit >= FIRST_OF_TIME || (hasFraction && unit != SECONDS)) {
                return Optional.empty();
            }
            total = total.add(
                    new BigDecimal(text.substring(at, endOfNumber)).multiply(BigDecimal.valueOf(inSeconds(unit))));
            next = unit + 1;
            at = endOfNumber + 1;
        }
        return Optional.of(isNegative ? total.negate() : total);
    }

    private static int endOfDigits(String text, int begin) {
        int end = begin;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }

    private static long inSeconds(int unit) {
        return switch (UNITS.charAt(unit)) {
            case 'D' -> 86_400;
            case 'H' -> 3_600;
            case 'M' -> 60;
            default -> 1;
        };
    }
}
