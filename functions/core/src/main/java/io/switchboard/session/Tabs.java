package io.switchboard.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tabs of a session.
 *
 * @param open the open tabs, in the order in which they opened
 * @param anchorId the id of the tab that the session was opened with, which stays as long as the session
 * @param focusedId the id of the tab in focus
 * @param closed what repeats of requests need to know of closed tabs
 */
public record Tabs(List<Tab> open, String anchorId, String focusedId, List<ClosedTab> closed) {
    public Tabs {
        open = List.copyOf(open);
        closed = List.copyOf(closed);
    }

    /** The tabs of a new session: the first one is the anchor tab, and in focus. */
    public static Tabs of(List<Tab> open) {
        String anchorId = open.getFirst().tabId();
        return new Tabs(open, anchorId, anchorId, List.of());
    }

    /** The open tab of this id. */
    public Optional<Tab> tab(String id) {
        for (Tab tab : open) {
            if (tab.tabId().equals(id)) {
                return Optional.of(tab);
            }
        }
        return Optional.empty();
    }

    /** Whether a tab is the anchor tab. */
    public boolean isAnchor(Tab tab) {
        return tab.tabId().equals(anchorId);
    }

    /** With one more tab, the last one. */
    public Tabs with(Tab added) {
        List<Tab> tabs = new ArrayList<>(open);
        tabs.add(added);
        return new Tabs(tabs, anchorId, focusedId, closed);
    }

    /** With another tab in focus. */
    public Tabs focused(String id) {
        return new Tabs(open, anchorId, id, closed);
    }

    /** With this tab instead of the one that has its id. */
    public Tabs replaced(Tab replacement) {
        List<Tab> tabs = new ArrayList<>();
        for (Tab tab : open) {
            tabs.add(tab.tabId().equals(replacement.tabId()) ? replacement : tab);
        }
        return new Tabs(tabs, anchorId, focusedId, closed);
    }

    /** Without this tab. If it was in focus, the tab that opened before it comes into focus. */
    public Tabs without(Tab closing, Instant now) {
        List<Tab> left = new ArrayList<>();
        String previousId = anchorId;
        boolean isBefore = true;
        for (Tab tab : open) {
            if (tab.tabId().equals(closing.tabId())) {
                isBefore = false;
                continue;
            }
            left.add(tab);
            previousId = isBefore ? tab.tabId() : previousId;
        }
        List<ClosedTab> remembered = new ArrayList<>();
        for (ClosedTab tab : closed) {
            if (tab.until().isAfter(now)) {
                remembered.add(tab);
            }
        }
        if (closing.requestHash() != null) {
            remembered.add(ClosedTab.of(closing, now));
        }
        return new Tabs(
                left,
                anchorId,
                focusedId.equals(closing.tabId()) ? previousId : focusedId,
                remembered.subList(Math.max(0, remembered.size() - ClosedTab.MOST), remembered.size()));
    }

    /** What is left of the tabs of a deleted session. */
    Tabs emptied() {
        return new Tabs(List.of(), anchorId, focusedId, List.of());
    }
}
