package io.switchboard.offer;

import io.switchboard.slug.Warning;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An offer of a conversation to users, of whom one can accept it: a notification of the API.
 *
 * <p>Its deadlines are data. {@link #at} returns the offer as it is at a time, so it does not matter when, how often or
 * whether a delayed message stores that.
 *
 * @param attempt the users to whom it is offered now, or was offered last
 * @param earlier the users of earlier attempts, in order
 * @param end the end of the offer; null while a user can answer
 * @param acceptedBy the user who accepted; null if no user did
 * @param sessionId the session that opened for it; null for none
 * @param warnings the changes and omissions when the notification was rendered
 * @param version the number of writes, from 1
 */
public record Offer(
        String id,
        SenderId sender,
        OfferContent content,
        OfferPurpose purpose,
        OfferAttempt attempt,
        List<OfferTarget> earlier,
        @Nullable OfferEnd end,
        @Nullable String acceptedBy,
        @Nullable String sessionId,
        Instant created,
        List<Warning> warnings,
        long version) {
    /** The most users of an attempt. */
    public static final int MOST_USERS = 25;

    /** The longest time for an answer, in seconds, and the one that applies if none was sent. */
    public static final int LONGEST_SECONDS = 3_600;

    /** The most attempts after the first one. */
    public static final int MOST_STEPS = 5;

    /** The longest time from the creation of an offer to its end. */
    public static final Duration LONGEST_LIFE = Duration.ofSeconds((long) LONGEST_SECONDS * (MOST_STEPS + 1));

    /** How long an offer can be read after its end. */
    public static final Duration RETENTION = Duration.ofHours(24);

    public Offer {
        earlier = List.copyOf(earlier);
        warnings = List.copyOf(warnings);
    }

    /** Returns true if no user can answer any more. */
    public boolean isResolved() {
        return end != null;
    }

    /** Returns true if it ended so long ago that it does not exist any more. */
    public boolean isForgotten(Instant now) {
        return end != null && !end.at().plus(RETENTION).isAfter(now);
    }

    /** Returns the time until which its item must be stored. */
    public Instant kept() {
        return (end == null ? created.plus(LONGEST_LIFE) : end.at()).plus(RETENTION);
    }

    /** Returns true if an earlier state of this offer had the same attempt and had not ended either. */
    public boolean hasStateOf(Offer before) {
        return isResolved() == before.isResolved() && attempt.number() == before.attempt.number();
    }

    /** Returns the users who may not have seen it yet. Only their desks know when they see it. */
    public List<String> waiting() {
        List<String> waiting = new ArrayList<>();
        for (OfferTarget target : isResolved() ? List.<OfferTarget>of() : attempt.targets()) {
            if (target.isPending() && target.displayed() == null) {
                waiting.add(target.userId());
            }
        }
        return waiting;
    }

    /** Returns the latest target with this user; null for none. */
    public @Nullable OfferTarget target(String userId) {
        @Nullable OfferTarget found = attempt.target(userId);
        for (int i = earlier.size() - 1; i >= 0 && found == null; i--) {
            found = earlier.get(i).userId().equals(userId) ? earlier.get(i) : null;
        }
        return found;
    }

    /**
     * Returns the offer as it is at a time: with the deadlines that have passed, and with the attempt that follows from
     * them.
     *
     * @param desks the offers on the desks of users who have not answered. Without a desk, only the stored time of
     *     display counts
     */
    public Offer at(Instant now, Map<String, DeskOffers> desks) {
        Offer offer = this;
        while (offer.end == null) {
            offer = offer.with(offer.attempt.at(id, content.timeout(), now, desks));
            @Nullable Instant ended = offer.attempt.ended();
            if (ended == null) {
                return offer;
            }
            offer = offer.after(ended);
        }
        return offer;
    }

    private Offer after(Instant ended) {
        if (attempt.next().isEmpty()) {
            return new Offer(
                    id,
                    sender,
                    content,
                    purpose,
                    attempt,
                    earlier,
                    attempt.outcome(ended),
                    null,
                    null,
                    created,
                    warnings,
                    version);
        }
        List<OfferTarget> all = new ArrayList<>(earlier);
        all.addAll(attempt.targets());
        OfferAttempt next = OfferAttempt.of(
                attempt.number() + 1,
                ended,
                attempt.next().getFirst(),
                attempt.next().subList(1, attempt.next().size()));
        return new Offer(id, sender, content, purpose, next, all, null, null, null, created, warnings, version);
    }

    /** Returns the offer after it ended for one user. {@link #at} decides what follows for the others. */
    public Offer ended(String userId, OfferEnd userEnd) {
        return with(attempt.ended(userId, userEnd));
    }

    /**
     * Returns the accepted offer. For the other users, it is cancelled.
     *
     * @param openedId the session that opens; null for none
     */
    public Offer accepted(String userId, OfferResult result, @Nullable String openedId, Instant now) {
        OfferEnd accepted = new OfferEnd(result, now);
        OfferAttempt last = attempt.ended(userId, accepted).ended(null, new OfferEnd(OfferResult.CANCELLED, now));
        return new Offer(
                id, sender, content, purpose, last, earlier, accepted, userId, openedId, created, warnings, version);
    }

    /** Returns the withdrawn offer. */
    public Offer cancelled(Instant now) {
        OfferEnd cancelled = new OfferEnd(OfferResult.CANCELLED, now);
        return new Offer(
                id,
                sender,
                content,
                purpose,
                attempt.ended(null, cancelled),
                earlier,
                cancelled,
                null,
                null,
                created,
                warnings,
                version);
    }

    /** Returns the next version. */
    public Offer next() {
        return new Offer(
                id,
                sender,
                content,
                purpose,
                attempt,
                earlier,
                end,
                acceptedBy,
                sessionId,
                created,
                warnings,
                version + 1);
    }

    private Offer with(OfferAttempt changed) {
        return changed.equals(attempt)
                ? this
                : new Offer(
                        id,
                        sender,
                        content,
                        purpose,
                        changed,
                        earlier,
                        end,
                        acceptedBy,
                        sessionId,
                        created,
                        warnings,
                        version);
    }
}
