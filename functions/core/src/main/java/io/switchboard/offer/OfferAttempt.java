package io.switchboard.offer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The users to whom a conversation is offered at the same time.
 *
 * @param number 1 for the first attempt
 * @param start when it began: the end of the attempt before
 * @param expires when it ends at the latest
 * @param targets in the order of the request
 * @param next the attempts that follow if no user accepts
 */
public record OfferAttempt(
        int number, Instant start, Instant expires, List<OfferTarget> targets, List<OfferStep> next) {
    public OfferAttempt {
        targets = List.copyOf(targets);
        next = List.copyOf(next);
    }

    /** Returns an attempt whose users have not answered. */
    public static OfferAttempt of(int number, Instant start, OfferStep step, List<OfferStep> next) {
        return new OfferAttempt(
                number,
                start,
                start.plusSeconds(step.expiresInSeconds()),
                step.userIds().stream().map(OfferTarget::pending).toList(),
                next);
    }

    /** Returns the target with this user; null for none. */
    public @Nullable OfferTarget target(String userId) {
        for (OfferTarget target : targets) {
            if (target.userId().equals(userId)) {
                return target;
            }
        }
        return null;
    }

    /** Returns the users who have not answered, in order. */
    public List<String> pending() {
        List<String> pending = new ArrayList<>();
        for (OfferTarget target : targets) {
            if (target.isPending()) {
                pending.add(target.userId());
            }
        }
        return pending;
    }

    /** Returns the time when it ended for its last user; null while a user can answer. */
    @Nullable
    Instant ended() {
        Instant last = start;
        for (OfferTarget target : targets) {
            @Nullable OfferEnd end = target.end();
            if (end == null) {
                return null;
            }
            last = end.at().isAfter(last) ? end.at() : last;
        }
        return last;
    }

    /** Returns the end that stands for all: a user who did not answer counts more than one who declined. */
    OfferEnd outcome(Instant at) {
        OfferResult result = OfferResult.QUEUE_LIMIT;
        @Nullable String reason = null;
        for (OfferTarget target : targets) {
            @Nullable OfferEnd end = target.end();
            if (end == null) {
                continue;
            }
            if (end.result().state() == OfferState.TIMED_OUT) {
                return new OfferEnd(end.result(), at);
            }
            if (end.result() == OfferResult.DECLINED) {
                result = OfferResult.DECLINED;
                reason = end.reason();
            }
        }
        return new OfferEnd(result, at, reason);
    }

    /** Returns the attempt with the ends that the deadlines decide. */
    OfferAttempt at(String id, int timeout, Instant now, Map<String, DeskOffers> desks) {
        List<OfferTarget> judged = new ArrayList<>();
        for (OfferTarget target : targets) {
            @Nullable DeskOffers desk = desks.get(target.userId());
            DeskOffers.@Nullable Turn turn = desk == null ? null : desk.turn(id, number);
            judged.add(target.isPending() ? at(target, turn, timeout, now) : target);
        }
        return withTargets(judged);
    }

    private OfferTarget at(OfferTarget target, DeskOffers.@Nullable Turn turn, int timeout, Instant now) {
        if (turn != null) {
            return new OfferTarget(target.userId(), turn.displayed(now), turn.hasEnded(now) ? turn.deadline() : null);
        }
        Instant deadline = deadline(target, timeout);
        if (deadline.isAfter(now)) {
            return target;
        }
        OfferResult result = target.displayed() == null ? OfferResult.QUEUE_TIMEOUT : OfferResult.DISPLAY_TIMEOUT;
        return new OfferTarget(target.userId(), target.displayed(), new OfferEnd(result, deadline));
    }

    /**
     * Returns when the attempt ends for a target that does not answer.
     *
     * @param timeout seconds from the time of display; 0 for none
     */
    Instant deadline(OfferTarget target, int timeout) {
        @Nullable Instant displayed = target.displayed();
        if (displayed == null || timeout == 0) {
            return expires;
        }
        Instant end = displayed.plusSeconds(timeout);
        return end.isBefore(expires) ? end : expires;
    }

    /** Returns a copy with this end for a user, or for all who have not answered. */
    OfferAttempt ended(@Nullable String userId, OfferEnd end) {
        List<OfferTarget> all = new ArrayList<>();
        for (OfferTarget target : targets) {
            boolean isMeant = target.isPending() && (userId == null || userId.equals(target.userId()));
            all.add(isMeant ? new OfferTarget(target.userId(), target.displayed(), end) : target);
        }
        return withTargets(all);
    }

    private OfferAttempt withTargets(List<OfferTarget> all) {
        return new OfferAttempt(number, start, expires, all, next);
    }
}
