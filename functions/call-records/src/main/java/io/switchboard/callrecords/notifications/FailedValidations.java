package io.switchboard.callrecords.notifications;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The endpoint validations that count against the limit of one tenant: those that failed within {@link #WINDOW}, and
 * those in progress. A validation counts before its endpoint is called, so that concurrent requests cannot exceed the
 * limit. It expires after {@link #IN_PROGRESS} if the request never reports its outcome.
 *
 * @param ends for each of them, the epoch second at which it stops counting
 */
public record FailedValidations(List<Long> ends) {
    /** The most failures within the window. */
    public static final int MOST = 20;

    /** How long a failed validation counts. */
    public static final Duration WINDOW = Duration.ofHours(1);

    /** How long a validation in progress counts: longer than a request may take. */
    static final Duration IN_PROGRESS = Duration.ofSeconds(30);

    /** No validations. */
    static final FailedValidations NONE = new FailedValidations(List.of());

    public FailedValidations {
        ends = List.copyOf(ends);
    }

    /** Returns those that still count at this time. */
    FailedValidations at(Instant now) {
        List<Long> counting = new ArrayList<>();
        for (long end : ends) {
            if (end > now.getEpochSecond()) {
                counting.add(end);
            }
        }
        return new FailedValidations(counting);
    }

    /** Returns true if this many more may begin. */
    boolean admits(int count) {
        return ends.size() + count <= MOST;
    }

    /** Returns these, and this many that began at this time. */
    FailedValidations begin(int count, Instant now) {
        List<Long> next = new ArrayList<>(ends);
        next.addAll(Collections.nCopies(count, now.plus(IN_PROGRESS).getEpochSecond()));
        return new FailedValidations(next);
    }

    /** Returns these after those that began at this time have ended. */
    FailedValidations end(int count, int failed, Instant now) {
        List<Long> next = new ArrayList<>(ends);
        for (int i = 0; i < count; i++) {
            next.remove((Long) now.plus(IN_PROGRESS).getEpochSecond());
        }
        next.addAll(Collections.nCopies(failed, now.plus(WINDOW).getEpochSecond()));
        return new FailedValidations(next);
    }

    /** Returns the earliest time at which this many more may begin; fewer slots must be free now. */
    Instant earliestFor(int count) {
        List<Long> sorted = new ArrayList<>(ends);
        Collections.sort(sorted);
        return Instant.ofEpochSecond(sorted.get(Math.min(sorted.size(), sorted.size() + count - MOST) - 1));
    }
}
