package io.switchboard.session.store;

import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.offer.DeskOffers;
import io.switchboard.session.Owner;
import io.switchboard.session.PendingHandOver;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.DynamoDbSessionReads.LookupResult;
import io.switchboard.storage.Precondition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moves sessions between desks at once, without an offer, in one transaction. Thread-safe. */
final class DynamoDbHandOver {
    private final WriteLoop loop;
    private final SessionLimits limits;
    private final DynamoDbSessionReads reads;
    private final DynamoDbSessionMoves moves;
    private final DynamoDbHandOverMarks marks;

    DynamoDbHandOver(
            WriteLoop loop,
            SessionLimits limits,
            DynamoDbSessionReads reads,
            DynamoDbSessionMoves moves,
            DynamoDbHandOverMarks marks) {
        this.loop = loop;
        this.limits = limits;
        this.reads = reads;
        this.moves = moves;
        this.marks = marks;
    }

    /** Implements {@link SessionChangeStore#handOver}. */
    ChangeOutcome handOver(
            SessionScope scope, String id, String user, boolean mayBeUnknown, Precondition precondition, Instant now) {
        Owner target = new Owner(scope.owner().tenant(), user);
        return loop.decide("one of the desks changed during every attempt", now, attempts -> {
            if (DynamoDbSessionMoves.isIdTaken(attempts)) {
                return Step.none(new ChangeOutcome.IdTaken());
            }
            LookupResult found = reads.lookUp(scope.owner(), target, id, now);
            @Nullable SessionItem item = found.item();
            if (item == null || !scope.sees(item.session())) {
                return Step.none(new ChangeOutcome.NotFound());
            }
            if (item.gone() != null) {
                return Step.none(repeated(item, user));
            }
            DeskItem desk = reads.completed(scope.owner(), found.desk(), now);
            Session session = desk.current(item.session()).at(now);
            if (!precondition.admits(session.version())) {
                return Step.none(new ChangeOutcome.VersionMismatch(session.version()));
            }
            if (session.closedAt(now, limits.idle()).isPresent()) {
                return Step.none(new ChangeOutcome.AlreadyClosed());
            }
            DeskItem targetDesk = reads.completed(target, found.targetDesk(), now);
            boolean isUserKnown = targetDesk.desk().version() > 0;
            if (!isUserKnown && !mayBeUnknown) {
                return Step.none(new ChangeOutcome.UnknownUser());
            }
            @Nullable PendingHandOver pending = session.markers().handOver();
            DeskOffers offers =
                    pending == null ? targetDesk.offers() : targetDesk.offers().without(pending.notificationId(), now);
            Session moved = session.arrived(now);
            @Nullable
            List<Write> writes = moves.writes(
                    new DynamoDbSessionMoves.Move(scope.owner(), target, item, moved, desk, targetDesk, offers),
                    attempts.writeId(),
                    now);
            if (writes == null) {
                return Step.none(new ChangeOutcome.LimitReached(limits.openSessions()));
            }
            writes.addAll(marks.withdraw(scope.owner(), session, user, attempts.writeId(), now));
            return new Step<>(new ChangeOutcome.HandedOver(new SessionOnDesk(moved, false, null), isUserKnown), writes);
        });
    }

    /** Returns the outcome for a session that is gone: the same hand-over, repeated, changes nothing. */
    static ChangeOutcome repeated(SessionItem gone, String user) {
        return user.equals(gone.handedOverTo())
                ? new ChangeOutcome.HandedOver(new SessionOnDesk(gone.session(), false, null), true)
                : new ChangeOutcome.NotFound();
    }
}
