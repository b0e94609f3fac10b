package io.switchboard.session.store;

import io.switchboard.dynamodb.Write;
import io.switchboard.offer.DeskOffers;
import io.switchboard.session.Desk;
import io.switchboard.session.Owner;
import io.switchboard.session.store.DynamoDbDeskSlots.FreeSlot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Opens new sessions on desks that were read: for a create that finds no free slot, and for offers. Thread-safe. */
final class DynamoDbSessionOpening {
    private final DynamoDbSessionItems items;
    private final DynamoDbDeskItems desks;
    private final DynamoDbDeskSlots slots;

    DynamoDbSessionOpening(DynamoDbSessionItems items, DynamoDbDeskItems desks, DynamoDbDeskSlots slots) {
        this.items = items;
        this.desks = desks;
        this.slots = slots;
    }

    /**
     * Returns the writes that store a session and give it a slot. The first one stores the session.
     *
     * @param desk the complete desk
     * @param offers the offers that the desk has afterwards
     * @return null if open sessions hold all slots
     */
    @Nullable
    List<Write> open(
            Owner owner, DeskItem desk, DeskOffers offers, NewSession newSession, String writeId, Instant now) {
        @Nullable FreeSlot slot = slots.find(owner, desk, now);
        if (slot == null) {
            return null;
        }
        String id = newSession.session().id();
        List<String> focusOrder = desk.desk().focusOrderWithoutIdle(slot.leaving());
        if (newSession.isFocused()) {
            focusOrder.add(id);
        }
        Desk next = desk.desk().next(focusOrder, slot.leaving(), id);
        DeskItem opened = desk.next(next, List.of(newSession.session())).with(offers);
        List<Write> writes = new ArrayList<>();
        writes.add(items.putNew(owner, newSession, writeId, now));
        writes.add(desks.replace(owner, desk, opened, writeId));
        writes.addAll(slots.closes(owner, slot, writeId, now));
        return writes;
    }
}
