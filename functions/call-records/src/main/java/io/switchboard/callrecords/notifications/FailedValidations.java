package io.switchboard.callrecords.notifications;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The validations of endpoints that count against the limit of one tenant: those that failed within {@link #WINDOW}, and those that are
 * under way. One that is under way counts from before the endpoint is called, so that no number of requests at once can exceed the
 * limit; it lapses after {@link #UNDER_WAY} by itself if the request never reports how it ended.
 *
 * @param ends for each of them, the epoch second from which on it counts no longer
 */
public record FailedValidations(List<Long> ends) {
    /** How many may fail within the window. */
    public static final int MOST = 20;

    /** How long a failed validation counts. */
    public static final Duration WINDOW = Duration.ofHours(1);

    /** How long a validation that is under way counts: longer than a request may take. */
    static final Duration UNDER_WAY = Duration.ofSeconds(30);

    /** None. */
    static final FailedValidations NONE = new FailedValidations(List.of());

    public FailedValidations {
        ends = List.copyOf(ends);
    }

    /** Those that still count at this time. */
    FailedValidations at(Instant now) {
        List<Long> counting = new ArrayList<>();
        for (long end : ends) {
            if (end > now.getEpochSecond()) {
                counting.add(end);
            }
        }
        return new FailedValidations(counting);
    }

    /** Whether so many more may begin. */
    boolean hasRoomFor(int count) {
        return ends.size() + count <= MOST;
    }

    /** These, and so many that are under way since this time. */
    FailedValidations begin(int count, Instant now) {
        List<Long> next = new ArrayList<>(ends);
        next.addAll(Collections.nCopies(count, now.plus(UNDER_WAY).getEpochSecond()));
        return new FailedValidations(next);
    }

    /** These, when those that were under way since this time have ended. */
    FailedValidations end(int count, int failed, Instant now) {
        List<Long> next = new ArrayList<>(ends);
        for (int i = 0; i < count; i++) {
            next.remove((Long) now.plus(UNDER_WAY).getEpochSecond());
        }
        next.addAll(Collections.nCopies(failed, now.plus(WINDOW).getEpochSecond()));
        return new FailedValidations(next);
    }

    /** When so many more may begin at the earliest; there must be fewer free places than that. */
    Instant roomFor(int count) {
        List<Long> sorted = new ArrayList<>(ends);
        Collections.sort(sorted);
        return Instant.ofEpochSecond(sorted.get(Math.min(sorted.size(), sorted.size() + count - MOST) - 1));
    }
}
