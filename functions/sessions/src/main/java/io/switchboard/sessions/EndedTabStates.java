package io.switchboard.sessions;

import io.switchboard.runtime.StreamRecord;
import io.switchboard.session.Session;
import io.switchboard.session.Tab;
import io.switchboard.session.store.DynamoDbSessionImage;
import io.switchboard.session.store.DynamoDbSessionImage.OfSession;
import io.switchboard.session.store.DynamoDbSessionImage.Tombstone;
import io.switchboard.session.store.DynamoDbTabStates.TabId;
import java.util.HashSet;
import java.util.Set;

/** The tabs whose states end with a change of a session, because the tab or the session ended. */
final class EndedTabStates {
    private EndedTabStates() {}

    /**
     * Returns the tabs that had a state and are gone. A hand-over ends none, because states belong to the session.
     *
     * @throws RuntimeException if the record cannot be read
     */
    static Set<TabId> of(StreamRecord record) {
        Set<TabId> ended = new HashSet<>();
        if (!DynamoDbSessionImage.hasTabState(record.before())
                || !(DynamoDbSessionImage.read(record.before()) instanceof OfSession before)) {
            return ended;
        }
        for (Tab tab : before.session().tabs().open()) {
            if (tab.markers().hasState()) {
                ended.add(new TabId(before.owner().tenant(), before.session().id(), tab.tabId()));
            }
        }
        // Time to live removes sessions that have no readers any more.
        if (record.kind().equals("REMOVE")) {
            return ended;
        }
        switch (DynamoDbSessionImage.read(record.after())) {
            case OfSession after ->
                ended.removeIf(tab -> isSame(before.session(), after.session())
                        && after.session().tabs().tab(tab.tabId()).isPresent());
            case Tombstone tombstone -> ended.removeIf(tab -> tombstone.handedOverTo() != null);
            default -> {}
        }
        return ended;
    }

    /** Returns whether both are one session. An id may be used again after its session has expired. */
    private static boolean isSame(Session before, Session after) {
        return before.times().created().equals(after.times().created());
    }
}
