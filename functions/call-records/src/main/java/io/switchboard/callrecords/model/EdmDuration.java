package io.switchboard.callrecords.model;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Parses Edm.Duration: days, hours, minutes and seconds, without years, months or weeks
 * ({@code docs/domain/call-records.md}, "Value patterns"). The published pattern also accepts {@code P}, {@code PT} and
 * {@code P1DT}, which are not durations.
 */
final class EdmDuration {
    /** The length of the longest number that JSON bodies may contain. */
    private static final int LONGEST = 100;

    private static final int FIRST_OF_TIME = 1;
    private static final int SECONDS = 3;
    private static final String UNITS = "DHMS";

    private EdmDuration() {}

    /** Returns the seconds of a duration; empty if the text is not a duration. */
    static Optional<BigDecimal> seconds(String text) {
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
