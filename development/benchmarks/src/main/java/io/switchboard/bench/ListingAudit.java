package io.switchboard.bench;

import java.util.BitSet;
import java.util.Locale;

/**
 * Checks that a list has each template once and in order: permanent templates exactly once, temporary ones at most
 * once. Not thread-safe.
 */
final class ListingAudit {
    /** The largest position that a name can contain. */
    static final int MOST = 999_999;

    private static final String PREFIX = "bench_";
    private static final int DIGITS = 6;

    private final int expected;
    private final BitSet seen = new BitSet();
    private String last = "";
    private int duplicates;
    private int outOfOrder;
    private int temporary;
    private int others;

    /** @param expected the number of permanent templates, named by {@link #name} from 0 */
    ListingAudit(int expected) {
        this.expected = expected;
    }

    /** Returns the unique name of a permanent template by its position. */
    static String name(int position) {
        return String.format(Locale.ROOT, PREFIX + "%0" + DIGITS + "d", position);
    }

    /** Returns the unique name of a temporary template, which follows the permanent one at this position. */
    static String temporaryName(int position, long number) {
        return name(position) + "_" + number;
    }

    /** Records the next item of the list. */
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
            temporary++;
        } else {
            int position = Integer.parseInt(uniqueName.substring(PREFIX.length()));
            isAgain |= seen.get(position);
            seen.set(position);
        }
        duplicates += isAgain ? 1 : 0;
    }

    /** Returns the number of permanent templates that were missing in the list. */
    int missing() {
        return expected - seen.cardinality();
    }

    boolean isComplete() {
        return missing() == 0 && duplicates == 0 && outOfOrder == 0;
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "%d of %d templates listed, %d missing, %d duplicates, %d out of order; also %d temporary and %d"
                        + " built-in templates.\n",
                seen.cardinality(),
                expected,
                missing(),
                duplicates,
                outOfOrder,
                temporary,
                others);
    }
}
