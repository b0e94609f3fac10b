package io.switchboard.session.store;

import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop.Attempts;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.offer.DeskOffers;
import io.switchboard.session.Desk;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.store.DynamoDbDeskSlots.FreeSlot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The writes that move a session between two desks that were read: both session items and both desks. Thread-safe. */
final class DynamoDbSessionMoves {
    /** The index of the write that stores the session of the other user. */
    private static final int ARRIVAL = 2;

    private final DynamoDbSessionItems items;
    private final DynamoDbDeskItems desks;
    private final DynamoDbDeskSlots slots;

    DynamoDbSessionMoves(DynamoDbSessionItems items, DynamoDbDeskItems desks, DynamoDbDeskSlots slots) {
        this.items = items;
        this.desks = desks;
        this.slots = slots;
    }

    /**
     * A move of a session to another desk.
     *
     * @param seen the item as it was read
     * @param moved the session as it arrives
     * @param desk the complete desk that it leaves
     * @param targetDesk the complete desk that it reaches
     * @param offers the offers that the reached desk has afterwards
     */
    record Move(
            Owner from,
            Owner to,
            SessionItem seen,
            Session moved,
            DeskItem desk,
            DeskItem targetDesk,
            DeskOffers offers) {}

    /**
     * Returns the writes of a move, before any other write of its transaction.
     *
     * @return null if open sessions hold all slots of the reached desk
     */
    @Nullable
    List<Write> writes(Move move, String writeId, Instant now) {
        @Nullable FreeSlot slot = slots.find(move.to, move.targetDesk, now);
        if (slot == null) {
            return null;
        }
        String id = move.moved.id();
        Desk left = move.desk.desk().next(slots.focusOrderAfter(id, move.desk, now), Set.of(id), null);
        List<String> targetOrder = move.targetDesk.desk().focusOrderWithoutIdle(slot.leaving());
        Desk reached = move.targetDesk.desk().next(targetOrder, slot.leaving(), id);
        DeskItem next = move.targetDesk.next(reached, List.of(move.moved)).with(move.offers);
        List<Write> writes = new ArrayList<>();
        writes.add(items.leave(move.from, move.seen, move.moved, move.to.user(), writeId, now));
        writes.add(desks.replace(move.from, move.desk, move.desk.next(left, List.of()), writeId));
        writes.add(items.arrive(move.to, move.seen, move.moved, move.from.user(), writeId, now));
        writes.add(desks.replace(move.to, move.targetDesk, next, writeId));
        writes.addAll(slots.closes(move.to, slot, writeId, now));
        return writes;
    }

    /** Returns true if the other user has a session with this id, which rejected the last attempt. */
    static boolean isIdTaken(Attempts<?> attempts) {
        WriteOutcome.@Nullable Rejected rejected = attempts.rejected();
        return rejected != null && rejected.parts().get(ARRIVAL).failed();
    }
}
