package io.switchboard.session.store;

import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Attempts;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.session.Desk;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.store.DynamoDbDeskSlots.FreeSlot;
import io.switchboard.session.store.DynamoDbSessionReads.LookupResult;
import io.switchboard.storage.Precondition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves sessions between desks. One transaction writes both session items and both desks. Thread-safe. */
final class DynamoDbHandOver {
    /** The index of the write in the transaction that stores the session of the target user. */
    private static final int ARRIVAL = 2;

    private final WriteLoop loop;
    private final SessionLimits limits;
    private final DynamoDbSessionItems items;
    private final DynamoDbDeskItems desks;
    private final DynamoDbSessionReads reads;
    private final DynamoDbDeskSlots slots;

    DynamoDbHandOver(
            WriteLoop loop,
            SessionLimits limits,
            DynamoDbSessionItems items,
            DynamoDbDeskItems desks,
            DynamoDbSessionReads reads,
            DynamoDbDeskSlots slots) {
        this.loop = loop;
        this.limits = limits;
        this.items = items;
        this.desks = desks;
        this.reads = reads;
        this.slots = slots;
    }

    /** Implements {@link SessionChangeStore#handOver}. */
    ChangeOutcome handOver(
            SessionScope scope, String id, String user, boolean mayBeUnknown, Precondition precondition, Instant now) {
        Owner target = new Owner(scope.owner().tenant(), user);
        return loop.decide("one of the desks changed during every attempt", now, attempts -> {
            if (isIdTaken(attempts)) {
                return Step.none(new ChangeOutcome.IdTaken());
            }
            LookupResult found = reads.lookUp(scope.owner(), target, id, now);
            @Nullable SessionItem item = found.item();
            if (item == null || !scope.sees(item.session())) {
                return Step.none(new ChangeOutcome.NotFound());
            }
            if (item.gone() != null) {
                return Step.none(
                        user.equals(item.handedOverTo())
                                ? new ChangeOutcome.HandedOver(new SessionOnDesk(item.session(), false, null), true)
                                : new ChangeOutcome.NotFound());
            }
            DeskItem desk = reads.completed(scope.owner(), found.desk(), now);
            Session session = desk.current(item.session());
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
            @Nullable FreeSlot slot = slots.find(target, targetDesk, now);
            if (slot == null) {
                return Step.none(new ChangeOutcome.LimitReached(limits.openSessions()));
            }
            Session moved = session.focusRequested(now);
            return new Step<>(
                    new ChangeOutcome.HandedOver(new SessionOnDesk(moved, false, null), isUserKnown),
                    writes(new Move(scope.owner(), target, item, moved), desk, targetDesk, slot, attempts));
        });
    }

    /** Returns true if the other user has a session with this id, which rejected the last attempt. */
    private static boolean isIdTaken(Attempts<ChangeOutcome> attempts) {
        WriteOutcome.@Nullable Rejected rejected = attempts.rejected();
        return rejected != null && rejected.parts().get(ARRIVAL).failed();
    }

    private List<Write> writes(
            Move move, DeskItem desk, DeskItem targetDesk, FreeSlot slot, Attempts<ChangeOutcome> attempts) {
        String id = move.moved.id();
        String writeId = attempts.writeId();
        Instant now = attempts.now();
        Desk left = desk.desk().next(slots.focusOrderAfter(id, desk, now), Set.of(id), null);
        List<String> targetOrder = targetDesk.desk().focusOrderWithoutIdle(slot.leaving());
        Desk reached = targetDesk.desk().next(targetOrder, slot.leaving(), id);
        List<Write> writes = new ArrayList<>();
        writes.add(items.leave(move.from, move.seen, move.moved, move.to.user(), writeId, now));
        writes.add(desks.replace(move.from, desk, desk.next(left, List.of()), writeId));
        writes.add(items.arrive(move.to, move.seen, move.moved, move.from.user(), writeId, now));
        writes.add(desks.replace(move.to, targetDesk, targetDesk.next(reached, List.of(move.moved)), writeId));
        writes.addAll(slots.closes(move.to, slot, writeId, now));
        return writes;
    }

    /**
     * A move of a session to another desk.
     *
     * @param seen the item as it was read
     * @param moved the session as it arrives
     */
    private record Move(Owner from, Owner to, SessionItem seen, Session moved) {}
}
