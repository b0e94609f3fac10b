package io.switchboard.bench;

import java.util.BitSet;
import java.util.Locale;

/**
 * Whether a list showed each template once and in order: those that were there all the time exactly once, others at most once.
 * Not thread-safe.
 */
final class RollCall {
    /** Names have six digits. */
    static final int MOST = 999_999;

    private static final String PREFIX = "bench_";
    private static final int DIGITS = 6;

    private final int expected;
    private final BitSet seen = new BitSet();
    private String last = "";
    private int doubled;
    private int outOfOrder;
    private int passing;
    private int others;

    /** @param expected how many templates are there all the time, named by {@link #name} from 0 on */
    RollCall(int expected) {
        this.expected = expected;
    }

    /** The unique name of a template that stays, by its place. */
    static String name(int place) {
        return String.format(Locale.ROOT, PREFIX + "%0" + DIGITS + "d", place);
    }

    /** The unique name of a template that comes and goes: in the list it stands behind the one of this place. */
    static String passingName(int place, long number) {
        return name(place) + "_" + number;
    }

    /** Notes what the list showed next. */
    void show(String uniqueName) {
        String key = uniqueName.toLowerCase(Locale.ROOT);
        boolean isAgain = key.equals(last);
        if (key.compareTo(last) < 0) {
            outOfOrder++;
        }
        last = key;
        if (!uniqueName.startsWith(PREFIX)) {
            others++;
        } else if (uniqueName.length() > PREFIX.length() + DIGITS) {
            passing++;
        } else {
            int place = Integer.parseInt(uniqueName.substring(PREFIX.length()));
            isAgain |= seen.get(place);
            seen.set(place);
        }
        doubled += isAgain ? 1 : 0;
    }

    /** How many that were there all the time the list did not show. */
    int missed() {
        return expected - seen.cardinality();
    }

    boolean isComplete() {
        return missed() == 0 && doubled == 0 && outOfOrder == 0;
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%d of %d templates shown, %d missed, %d doubled, %d out of order; besides %d that came or went, %d that are shipped.\n",
                seen.cardinality(),
                expected,
                missed(),
                doubled,
                outOfOrder,
                passing,
                others);
    }
}
