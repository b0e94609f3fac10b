package io.switchboard.callrecords.store;

import io.switchboard.storage.PositionForm;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a reader of {@link CallRecordChanges} has come. */
public sealed interface ChangesPosition {
    /** Returns the position of a reader who has nothing. */
    static ChangesPosition start(Instant now) {
        return new Listing(now, null);
    }

    /** Returns the position of a reader who wants later changes only. */
    static ChangesPosition latest(Instant now) {
        return Following.since(now);
    }

    /** Returns the position as text. */
    String text();

    /** Returns true if changes after this position may be forgotten. */
    boolean isTooOld(Instant now);

    /** Reads the text of a position; empty if no position has this text. */
    static Optional<ChangesPosition> of(String text) {
        int begin = 1 + ChangePlace.DIGITS;
        if (text.length() < begin || !isDigits(text.substring(1, begin))) {
            return Optional.empty();
        }
        Instant at = Instant.ofEpochMilli(Long.parseLong(text.substring(1, begin)));
        String rest = text.substring(begin);
        return switch (text.substring(0, 1)) {
            case Listing.KIND ->
                rest.isEmpty() || CallRecordStore.isPosition(CallRecordFilter.ALL, rest)
                        ? Optional.of(new Listing(at, rest.isEmpty() ? null : rest))
                        : Optional.empty();
            case Following.KIND -> Following.isPlace(rest) ? Optional.of(new Following(at, rest)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean isDigits(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * The reader lists all records first, by start.
     *
     * @param began when the reader began, in whole milliseconds
     * @param after the position in the list; null at its start
     */
    record Listing(Instant began, @Nullable String after) implements ChangesPosition {
        static final String KIND = "l";

        @Override
        public String text() {
            return KIND + ChangePlace.digits(began.toEpochMilli()) + (after == null ? "" : after);
        }

        @Override
        public boolean isTooOld(Instant now) {
            return !now.isBefore(began.plus(CallRecordChanges.LONGEST_PAUSE));
        }
    }

    /**
     * The reader follows the changes.
     *
     * @param known the time whose state the reader had when it last reached the end, in whole milliseconds
     * @param place the place in the index of changes
     */
    record Following(Instant known, String place) implements ChangesPosition {
        static final String KIND = "f";

        /** Returns the position of a reader who has the state of this time. */
        static Following since(Instant known) {
            return new Following(known, ChangePlace.after(known.minus(CallRecordChanges.BEHIND)));
        }

        static boolean isPlace(String text) {
            int end = ChangePlace.DIGITS;
            return text.length() > end
                    && isDigits(text.substring(0, end))
                    && (text.substring(end).equals("$")
                            || (text.charAt(end) == '#'
                                    && PositionForm.key(CallRecordKey.LONGEST_ID)
                                            .fits(text.substring(end + 1))));
        }

        @Override
        public String text() {
            return KIND + ChangePlace.digits(known.toEpochMilli()) + place;
        }

        /** A reader does not have records that were deleted before it knew them, so it needs no older deletions. */
        @Override
        public boolean isTooOld(Instant now) {
            Instant at = Instant.ofEpochMilli(Long.parseLong(place.substring(0, ChangePlace.DIGITS)));
            return !now.isBefore((at.isAfter(known) ? at : known).plus(CallRecordChanges.LONGEST_PAUSE));
        }
    }
}
