package io.switchboard.session.store;

import io.switchboard.storage.InvalidPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A position in a list of closed sessions, after which the next page begins.
 *
 * <p>Such a list has two phases: the sessions of the index by the time of closing, then the items that were stored
 * before the index existed, by id. As text, a position is {@code sorted:}, the latest listed time of closing or
 * {@code -}, {@code :} and the {@link #key} of a session; or {@code stored:} and the id of a session, which may be
 * empty.
 *
 * @param isSorted whether the position is in the first phase
 * @param latest the latest listed time of closing, as {@link #time}; null for any
 * @param after the key of a session in the first phase, or its id in the second phase
 */
record HistoryPosition(boolean isSorted, @Nullable String latest, String after) {
    private static final String SORTED = "sorted:";
    private static final String STORED = "stored:";
    private static final String ANY = "-";

    private static final int SECONDS = 11;
    private static final int NANOS = 9;
    private static final int TIME = SECONDS + 1 + NANOS;
    private static final long LATEST_SECOND = 99_999_999_999L;

    /** The longest session id that fits into a key of the index, which has at most 1,024 bytes. */
    private static final int LONGEST_ID = 1_024 - TIME - 1;

    /** The position before the first session of the second phase. */
    static final HistoryPosition FIRST_STORED = new HistoryPosition(false, null, "");

    /**
     * Parses a position.
     *
     * @throws InvalidPosition for texts that {@link #toString} does not return
     */
    static HistoryPosition parse(String text) {
        if (text.startsWith(STORED) && text.length() <= STORED.length() + LONGEST_ID) {
            return new HistoryPosition(false, null, text.substring(STORED.length()));
        }
        if (text.startsWith(SORTED)) {
            int colon = text.indexOf(':', SORTED.length());
            String latest = colon < 0 ? "" : text.substring(SORTED.length(), colon);
            String key = text.substring(colon + 1);
            if ((latest.equals(ANY) || isTime(latest)) && isKey(key)) {
                return new HistoryPosition(true, latest.equals(ANY) ? null : latest, key);
            }
        }
        throw new InvalidPosition();
    }

    /** Returns the sort key of a closed session: the time of closing, {@code #} and its id. */
    static String key(Instant closedAt, String id) {
        return time(closedAt) + '#' + id;
    }

    /** Returns the id of the session with this key. */
    static String idOf(String key) {
        return key.substring(TIME + 1);
    }

    /**
     * Returns a time as text of fixed width, which sorts like the time: seconds since 1970, a dot and nanoseconds.
     * Times outside the range are clamped.
     */
    static String time(Instant time) {
        long seconds = time.getEpochSecond();
        if (seconds < 0) {
            return "00000000000.000000000";
        }
        if (seconds > LATEST_SECOND) {
            return "99999999999.999999999";
        }
        StringBuilder text = new StringBuilder(TIME);
        append(text, seconds, SECONDS);
        text.append('.');
        append(text, time.getNano(), NANOS);
        return text.toString();
    }

    private static void append(StringBuilder text, long number, int width) {
        String digits = Long.toString(number);
        for (int i = digits.length(); i < width; i++) {
            text.append('0');
        }
        text.append(digits);
    }

    static boolean isKey(String text) {
        return text.length() > TIME + 1
                && text.length() <= TIME + 1 + LONGEST_ID
                && text.charAt(TIME) == '#'
                && isTime(text.substring(0, TIME));
    }

    private static boolean isTime(String text) {
        if (text.length() != TIME) {
            return false;
        }
        for (int i = 0; i < TIME; i++) {
            char c = text.charAt(i);
            if (i == SECONDS ? c != '.' : c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return isSorted ? SORTED + (latest == null ? ANY : latest) + ':' + after : STORED + after;
    }
}
