package io.switchboard.session;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A user's desk: the sessions that hold a slot, and the order of focus.
 *
 * @param open the ids of the sessions that hold a slot, without home
 * @param focusOrder ids in the order in which they were focused, the latest last; can contain {@link Session#HOME}
 * @param version the number of writes; 0 for a desk that was never written
 */
public record Desk(Set<String> open, List<String> focusOrder, long version) {
    /** The desk of a user without a stored desk. */
    public static final Desk EMPTY = new Desk(Set.of(), List.of(), 0);

    public Desk {
        open = Set.copyOf(open);
        focusOrder = List.copyOf(focusOrder);
    }

    /**
     * Returns the session in focus, or home. If the session in focus is idle, it is returned as closed, and home is in
     * focus. To find an earlier open session, each session would have to be read.
     */
    public String focused() {
        return focusOrder.isEmpty() ? Session.HOME : focusOrder.getLast();
    }

    /**
     * Returns the order of focus after a session is closed. The previously focused session gets the focus, else home.
     */
    public List<String> focusOrderWithout(String closedId) {
        List<String> order = new ArrayList<>(focusOrder);
        order.removeIf(id -> id.equals(closedId) || !(open.contains(id) || id.equals(Session.HOME)));
        return order;
    }

    /** Returns the order of focus after this session, or home, is focused, without sessions that left the desk. */
    public List<String> focusOrderWith(String focusedId) {
        List<String> order = focusOrderWithout(focusedId);
        order.add(focusedId);
        return order;
    }

    /**
     * Returns the order of focus after idle sessions released their slots. If one of them was in focus, home gets the
     * focus.
     */
    public List<String> focusOrderWithoutIdle(Set<String> idle) {
        Set<String> order = new LinkedHashSet<>(focusOrder);
        if (idle.contains(focused())) {
            order.remove(Session.HOME);
            order.add(Session.HOME);
        }
        order.removeAll(idle);
        return new ArrayList<>(order);
    }

    /**
     * Returns the next version of the desk.
     *
     * @param newFocusOrder its order of focus
     * @param leaving the sessions that release their slots
     * @param coming a session that takes a slot; null for none
     */
    public Desk next(List<String> newFocusOrder, Set<String> leaving, @Nullable String coming) {
        Set<String> newOpen = new HashSet<>(open);
        newOpen.removeAll(leaving);
        if (coming != null) {
            newOpen.add(coming);
        }
        return new Desk(newOpen, newFocusOrder, version + 1);
    }
}
