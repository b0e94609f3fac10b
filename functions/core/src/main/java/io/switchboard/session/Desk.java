package io.switchboard.session;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A user's desk: which sessions hold a slot, and which were focused when.
 *
 * @param open the ids of the sessions that hold a slot; home is not among them
 * @param focusOrder ids in the order they were focused, the latest last; {@link Session#HOME} may be among them
 * @param version counts the desk's writes; 0 for a desk that was never written
 */
public record Desk(Set<String> open, List<String> focusOrder, long version) {
    /** The desk of a user who has none yet. */
    public static final Desk EMPTY = new Desk(Set.of(), List.of(), 0);

    public Desk {
        open = Set.copyOf(open);
        focusOrder = List.copyOf(focusOrder);
    }

    /**
     * The session in focus, or home. An idle session that was in focus reads as closed; its readers then see home in focus,
     * which one read can tell, rather than an earlier session, which would take a read of each.
     */
    public String focused() {
        return focusOrder.isEmpty() ? Session.HOME : focusOrder.getLast();
    }

    /** The order of focus once a session is closed: the one focused before it comes forward, else home. */
    public List<String> focusOrderWithout(String closedId) {
        List<String> order = new ArrayList<>(focusOrder);
        order.removeIf(id -> id.equals(closedId) || !(open.contains(id) || id.equals(Session.HOME)));
        return order;
    }

    /** The order of focus once this session, or home, is focused; what is not on the desk any more is left out. */
    public List<String> focusOrderWith(String focusedId) {
        List<String> order = focusOrderWithout(focusedId);
        order.add(focusedId);
        return order;
    }

    /** The order of focus once idle sessions gave their slots back: home, if one of them was in focus. */
    public List<String> focusOrderWithoutIdle(Set<String> idle) {
        Set<String> order = new LinkedHashSet<>(focusOrder);
        if (idle.contains(focused())) {
            order.remove(Session.HOME);
            order.add(Session.HOME);
        }
        order.removeAll(idle);
        return new ArrayList<>(order);
    }
}
