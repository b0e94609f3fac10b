package io.switchboard.session.store;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteCause;
import io.switchboard.session.Desk;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionSummary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds free slots of desks, and releases slots of sessions that are not open any more. Thread-safe. */
final class DynamoDbDeskSlots {
    /** The most idle sessions that a transaction closes. With the largest sessions it stays within DynamoDB's 4 MB. */
    private static final int MAXIMUM_CLOSED_AT_ONCE = 12;

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
     * A slot that is free or becomes free.
     *
     * @param leaving the ids of the sessions that release their slots
     * @param closing the leaving sessions that must still be closed
     */
    record FreeSlot(Set<String> leaving, List<SessionItem> closing) {
        /** An unused slot. */
        static final FreeSlot AVAILABLE = new FreeSlot(Set.of(), List.of());
    }

    /**
     * The sessions that hold a slot without being open: idle, after their wrap-up, closed, deleted, handed over or
     * expired.
     *
     * @param unclosed the idle sessions that are not closed yet
     */
    private record Idle(Set<String> ids, List<SessionItem> unclosed) {}

    /**
     * Finds a slot of the desk, releasing slots of idle sessions if all are in use.
     *
     * @return null if open sessions hold all slots
     */
    @Nullable
    FreeSlot find(Owner owner, DeskItem desk, Instant now) {
        int onDesk = desk.desk().open().size();
        if (onDesk - limits.uncounted(desk.summaries().values(), now) < limits.openSessions()) {
            return FreeSlot.AVAILABLE;
        }
        Idle idle = idle(owner, desk, now);
        Map<String, SessionSummary> left = new HashMap<>(desk.summaries());
        left.keySet().removeAll(idle.ids);
        if (onDesk - idle.ids.size() - limits.uncounted(left.values(), now) >= limits.openSessions()) {
            return null;
        }
        // A session must be closed before it leaves the desk. Otherwise the list of closed sessions does not contain
        // it. If one of these writes fails, the desk has changed too, and the caller reads it again.
        List<SessionItem> closing = idle.unclosed;
        while (closing.size() > MAXIMUM_CLOSED_AT_ONCE) {
            String writeId = WriteCause.newWriteId();
            dynamoDb.write(writeId, closes(owner, closing.subList(0, MAXIMUM_CLOSED_AT_ONCE), writeId, now));
            closing = closing.subList(MAXIMUM_CLOSED_AT_ONCE, closing.size());
        }
        return new FreeSlot(idle.ids, closing);
    }

    /** Returns the writes that close the sessions of a slot. */
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

    /** Returns the order of focus without a session that leaves. If it was in focus, the next one must be open. */
    List<String> focusOrderAfter(String leaving, DeskItem item, Instant now) {
        Desk desk = item.desk();
        List<String> order = desk.focusOrderWithout(leaving);
        if (desk.focused().equals(leaving)) {
            order.removeIf(id -> !id.equals(Session.HOME) && mayBeIdle(item, id, now));
        }
        return order;
    }

    /** Reads the sessions that the desk shows as idle. */
    private Idle idle(Owner owner, DeskItem desk, Instant now) {
        Set<String> ids = new HashSet<>(desk.desk().open());
        ids.removeIf(id -> !mayBeIdle(desk, id, now));
        List<SessionItem> unclosed = new ArrayList<>();
        for (SessionItem item : ids.isEmpty() ? List.<SessionItem>of() : reads.living(owner, Set.copyOf(ids), now)) {
            Session session = desk.current(item.session());
            if (session.closedAt(now, limits.idle()).isEmpty()) {
                ids.remove(session.id());
            } else if (session.times().closed() == null) {
                unclosed.add(item.with(session));
            }
        }
        return new Idle(ids, unclosed);
    }

    /** Returns true for a session without a summary too, because a complete desk lacks it only if it is absent. */
    private boolean mayBeIdle(DeskItem desk, String id, Instant now) {
        @Nullable SessionSummary summary = desk.summaries().get(id);
        return summary == null || summary.hasEnded(now, limits.idle());
    }
}
