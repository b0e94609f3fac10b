package io.switchboard.session.store;

import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionScope;
import io.switchboard.session.Tab;
import io.switchboard.session.TabState;
import io.switchboard.session.store.DynamoDbSessionReads.LookupResult;
import io.switchboard.storage.Keys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Stores the states of tabs in the Sessions table: one item for each, in a partition of its session
 * ({@code docs/decisions/0056-tab-state.md}). The first state of a tab marks the tab in the item of its session, in the
 * same transaction. Thread-safe.
 */
public final class DynamoDbTabStates implements TabStateStore {
    private static final String TAB_STATE = "TABSTATE#";
    private static final String STATE = "state";
    /** The creation of the session. An id may be used again after its session has expired. */
    private static final String CREATED = "created";

    private final WriteLoop loop;
    private final String table;
    private final DynamoDbSessionReads reads;
    private final DynamoDbSessionItems items;

    /** Creates a store in this table, which also has the sessions. */
    public DynamoDbTabStates(DynamoDb dynamoDb, String table, SessionLimits limits) {
        this.loop = WriteLoop.withCause(dynamoDb);
        this.table = table;
        this.reads = new DynamoDbSessionReads(dynamoDb, table, limits);
        this.items = new DynamoDbSessionItems(table, limits);
    }

    /** A tab of a session, whose state is to be removed. */
    public record TabId(String tenant, String sessionId, String tabId) {}

    /**
     * Removes the states of tabs that have ended.
     *
     * @param ended distinct tabs
     */
    public static void remove(DynamoDb dynamoDb, String table, Collection<TabId> ended) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (TabId tab : ended) {
            keys.add(key(tab.tenant(), tab.sessionId(), tab.tabId()));
        }
        dynamoDb.deleteAll(table, keys);
    }

    @Override
    public Optional<SessionTabState> state(SessionScope scope, String id, String tabId, Instant now) {
        LookupResult found = lookUp(scope, id, tabId, now);
        return Optional.ofNullable(found.visible(scope)).map(item -> current(found, item, now));
    }

    @Override
    public Optional<TabState> changeState(
            SessionScope scope, String id, String tabId, StateChange change, Instant now) {
        return loop.decide("the state of the tab changed during every attempt", now, attempts -> {
            LookupResult found = lookUp(scope, id, tabId, now);
            @Nullable SessionItem item = found.visible(scope);
            if (item == null) {
                return Step.none(Optional.empty());
            }
            SessionTabState current = current(found, item, now);
            @Nullable String next = change.next(current);
            TabState before = current.state();
            if (Objects.equals(next, before.text())) {
                return Step.none(Optional.of(before));
            }
            TabState after = new TabState(next, before.version() + 1);
            Session session = item.session();
            List<Write> writes = new ArrayList<>();
            writes.add(put(scope, session, tabId, found.other(), after, attempts.writeId()));
            Tab tab = session.tabs().tab(tabId).orElseThrow();
            // The condition on the session's item decides between a first state and the end of the tab.
            if (found.other() == null || !tab.markers().hasState()) {
                Tab marked = tab.withMarkers(tab.markers().withState());
                writes.add(items.replace(
                        scope.owner(), item, session.withTabs(session.tabs().replaced(marked)), attempts.writeId()));
            }
            return new Step<>(Optional.of(after), writes);
        });
    }

    private LookupResult lookUp(SessionScope scope, String id, String tabId, Instant now) {
        return reads.lookUp(scope.owner(), id, key(scope.owner().tenant(), id, tabId), now);
    }

    private SessionTabState current(LookupResult found, SessionItem item, Instant now) {
        return new SessionTabState(reads.onDesk(item.session(), found.desk(), now), state(found.other(), item));
    }

    /** Returns the state of an item, unless it belongs to an earlier session with the same id. */
    private static TabState state(@Nullable Map<String, AttributeValue> found, SessionItem item) {
        return found == null || !textOf(found, CREATED).equals(created(item.session()))
                ? TabState.NONE
                : new TabState(textOrNull(found, STATE), numberOf(found, DynamoDbSessionItems.VERSION));
    }

    private Write put(
            SessionScope scope,
            Session session,
            String tabId,
            @Nullable Map<String, AttributeValue> seen,
            TabState state,
            String writeId) {
        Map<String, AttributeValue> item = key(scope.owner().tenant(), session.id(), tabId);
        item.put(CREATED, text(created(session)));
        item.put(DynamoDbSessionItems.VERSION, number(state.version()));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        if (state.text() != null) {
            item.put(STATE, text(state.text()));
        }
        Write write = Write.put(table, item);
        return seen == null
                ? write.onlyIf("attribute_not_exists(#key)")
                : write.onlyIf("#writeId = :seen").with("seen", text(textOf(seen, DynamoDb.WRITE_ID)));
    }

    private static String created(Session session) {
        return session.times().created().toString();
    }

    /** Returns whether a sort key is that of a state. */
    static boolean isTabState(String key) {
        return key.startsWith(TAB_STATE);
    }

    private static Map<String, AttributeValue> key(String tenant, String sessionId, String tabId) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(DynamoDbSessionItems.OWNER, text(Keys.join(tenant, "tabState", sessionId)));
        key.put(DynamoDbSessionItems.KEY, text(TAB_STATE + tabId));
        return key;
    }
}
