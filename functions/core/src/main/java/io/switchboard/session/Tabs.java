package io.switchboard.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tabs of a session.
 *
 * @param open the open tabs, in the order in which they were opened
 * @param anchorId the id of the anchor tab, which cannot be closed
 * @param focusedId the id of the tab in focus
 * @param closed the closed tabs, to recognise retries of their requests
 */
public record Tabs(List<Tab> open, String anchorId, String focusedId, List<ClosedTab> closed) {
    public Tabs {
        open = List.copyOf(open);
        closed = List.copyOf(closed);
    }

    /** Returns the tabs of a new session. The first one is the anchor tab and in focus. */
    public static Tabs of(List<Tab> open) {
        String anchorId = open.getFirst().tabId();
        return new Tabs(open, anchorId, anchorId, List.of());
    }

    /** Returns the open tab of this id. */
    public Optional<Tab> tab(String id) {
        for (Tab tab : open) {
            if (tab.tabId().equals(id)) {
                return Optional.of(tab);
            }
        }
        return Optional.empty();
    }

    /** Returns true if a tab is the anchor tab. */
    public boolean isAnchor(Tab tab) {
        return tab.tabId().equals(anchorId);
    }

    /** Returns the ids of the open tabs with unsaved changes. */
    public List<String> unsaved() {
        return open.stream()
                .filter(tab -> tab.markers().unsavedChanges())
                .map(Tab::tabId)
                .toList();
    }

    /** Returns a copy with another tab at the end. */
    public Tabs with(Tab added) {
        List<Tab> tabs = new ArrayList<>(open);
        tabs.add(added);
        return new Tabs(tabs, anchorId, focusedId, closed);
    }

    /** Returns a copy with this tab in focus. */
    public Tabs focused(String id) {
        return new Tabs(open, anchorId, id, closed);
    }

    /** Returns a copy in which this tab replaces the tab of the same id. */
    public Tabs replaced(Tab replacement) {
        List<Tab> tabs = new ArrayList<>();
        for (Tab tab : open) {
            tabs.add(tab.tabId().equals(replacement.tabId()) ? replacement : tab);
        }
        return new Tabs(tabs, anchorId, focusedId, closed);
    }

    /** Returns a copy without this tab. If it was in focus, the tab that was opened before it gets the focus. */
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
                remembered.subList(Math.max(0, remembered.size() - ClosedTab.MAXIMUM), remembered.size()));
    }

    /** Returns the remains of the tabs of a deleted session. */
    Tabs emptied() {
        return new Tabs(List.of(), anchorId, focusedId, List.of());
    }
}
