package io.switchboard.session.store;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.session.Desk;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The slots of desks: which are free, and which are held by sessions that are not open any more. Thread-safe. */
final class DynamoDbDeskSlots {
    /** How many idle sessions one transaction closes: all of them at their largest stay within DynamoDB's 4 MB. */
    private static final int MOST_CLOSED_AT_ONCE = 12;

    private final DynamoDb dynamoDb;
    private final SessionLimits limits;
    private final DynamoDbSessionItems items;
    private final DynamoDbSessionReads reads;

    DynamoDbDeskSlots(DynamoDb dynamoDb, SessionLimits limits, DynamoDbSessionItems items, DynamoDbSessionReads reads) {
        this.dynamoDb = dynamoDb;
        this.limits = limits;
        this.items = items;
        this.reads = reads;
    }

    /**
     * A slot that is free, or becomes free.
     *
     * @param leaving the ids of the sessions that give their slots back
     * @param closing those of them that are still to be closed
     */
    record FreeSlot(Set<String> leaving, List<SessionItem> closing) {
        /** A slot that nobody has. */
        static final FreeSlot AVAILABLE = new FreeSlot(Set.of(), List.of());
    }

    /**
     * The sessions that hold a slot without being open: idle, closed already, gone or expired.
     *
     * @param unclosed those that only idleness ended
     */
    private record Idle(Set<String> ids, List<SessionItem> unclosed) {}

    /**
     * Frees a slot on the desk if all are taken.
     *
     * @return null if open sessions hold all of them
     */
    @Nullable
    FreeSlot find(Owner owner, Desk desk, Instant now) {
        if (desk.open().size() < limits.openSessions()) {
            return FreeSlot.AVAILABLE;
        }
        Idle idle = idle(owner, desk, now);
        if (desk.open().size() - idle.ids.size() >= limits.openSessions()) {
            return null;
        }
        // No session may leave the desk before it is closed: the list of closed sessions would not find it. If one of
        // these writes is refused, the desk has changed too, and the caller reads it again.
        List<SessionItem> closing = idle.unclosed;
        while (closing.size() > MOST_CLOSED_AT_ONCE) {
            String writeId = DynamoDb.newWriteId();
            dynamoDb.write(writeId, closes(owner, closing.subList(0, MOST_CLOSED_AT_ONCE), writeId, now));
            closing = closing.subList(MOST_CLOSED_AT_ONCE, closing.size());
        }
        return new FreeSlot(idle.ids, closing);
    }

    /** The writes that close the sessions of a slot. */
    List<Write> closes(Owner owner, FreeSlot slot, String writeId, Instant now) {
        return closes(owner, slot.closing, writeId, now);
    }

    private List<Write> closes(Owner owner, List<SessionItem> closing, String writeId, Instant now) {
        List<Write> writes = new ArrayList<>();
        for (SessionItem idle : closing) {
            Instant closedAt = idle.session().closedAt(now, limits.idle()).orElse(now);
            writes.add(items.replace(owner, idle, idle.session().closed(closedAt, now), writeId));
        }
        return writes;
    }

    /**
     * The order of focus without a session that leaves. If it was in focus, the session that comes forward must be open: one more
     * read finds the idle ones.
     */
    List<String> focusOrderAfter(Owner owner, String leaving, Desk desk, Instant now) {
        List<String> order = desk.focusOrderWithout(leaving);
        boolean comesForward = !order.isEmpty() && !order.getLast().equals(Session.HOME);
        if (comesForward && desk.focused().equals(leaving)) {
            order.removeAll(idle(owner, desk, now).ids);
        }
        return order;
    }

    private Idle idle(Owner owner, Desk desk, Instant now) {
        Set<String> ids = new HashSet<>(desk.open());
        List<SessionItem> unclosed = new ArrayList<>();
        for (SessionItem item : reads.living(owner, desk.open(), now)) {
            if (item.session().closedAt(now, limits.idle()).isEmpty()) {
                ids.remove(item.session().id());
            } else if (item.session().times().closed() == null) {
                unclosed.add(item);
            }
        }
        return new Idle(ids, unclosed);
    }
}
