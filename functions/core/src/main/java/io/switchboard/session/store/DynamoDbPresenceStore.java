package io.switchboard.session.store;

import static io.switchboard.dynamodb.Attributes.textOf;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.UpdateOutcome;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteCause;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Attempts;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.presence.Presence;
import io.switchboard.presence.PresenceContent;
import io.switchboard.presence.PresenceTimer;
import io.switchboard.presence.UserPresence;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionSummary;
import io.switchboard.storage.InvalidPosition;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.BasicState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Stores presences in the Sessions table ({@code docs/decisions/0057-presence.md}). Thread-safe. */
public final class DynamoDbPresenceStore implements PresenceStore {
    private static final String CONTENTION = "the presence changed during every attempt";

    /** The number of presences that a filtered page reads, and the most keys of a batch read. */
    private static final int BATCH = 100;

    private final DynamoDb dynamoDb;
    private final WriteLoop loop;
    private final String table;
    private final SessionLimits limits;
    private final DynamoDbPresenceItems items;

    /** Creates a store in this table, which also has the desks. */
    public DynamoDbPresenceStore(DynamoDb dynamoDb, String table, SessionLimits limits) {
        this.dynamoDb = dynamoDb;
        this.loop = WriteLoop.withCause(dynamoDb);
        this.table = table;
        this.limits = limits;
        this.items = new DynamoDbPresenceItems(table);
    }

    /** Returns the deadlines of the presences in this table. */
    public static PresenceDeadlines deadlines(DynamoDb dynamoDb, String table) {
        return new DynamoDbPresenceStore(dynamoDb, table, new SessionLimits(0, Duration.ZERO, Duration.ZERO))::expire;
    }

    @Override
    public Presence presence(Owner owner, Instant now) {
        return DynamoDbPresenceItems.read(read(owner)).presence().at(now);
    }

    private @Nullable Map<String, AttributeValue> read(Owner owner) {
        return dynamoDb.get(table, DynamoDbPresenceItems.key(owner));
    }

    @Override
    public Presence setPresence(Owner owner, PresenceContent content, Duration life, Runnable check, Instant now) {
        @Nullable Map<String, AttributeValue> found;
        if (content.isOffline()) {
            found = read(owner);
        } else {
            UpdateOutcome renewal =
                    dynamoDb.update(items.renew(owner, content, now.plus(life), WriteCause.newWriteId(), now));
            if (renewal instanceof UpdateOutcome.Updated updated) {
                return DynamoDbPresenceItems.read(updated.before()).presence().set(content, life, now);
            }
            found = ((UpdateOutcome.Rejected) renewal).found();
        }
        check.run();
        return loop.decide(CONTENTION, now, attempts -> {
            PresenceItem seen = DynamoDbPresenceItems.read(found(attempts, found));
            Presence before = seen.presence().at(now);
            Presence next = before.set(content, life, now);
            if (content.isOffline() && before.content().equals(content) && before.since() != null) {
                return Step.none(before);
            }
            List<Write> writes = new ArrayList<>();
            writes.add(items.replace(owner, seen, next, attempts.writeId(), now));
            if (seen.writeId() == null) {
                writes.add(items.mark(owner, attempts.writeId()));
            }
            return new Step<>(next, writes);
        });
    }

    /** Returns the item that the rejected attempt found. The first attempt has it from the read before. */
    private static @Nullable Map<String, AttributeValue> found(
            Attempts<?> attempts, @Nullable Map<String, AttributeValue> first) {
        WriteOutcome.@Nullable Rejected rejected = attempts.rejected();
        return rejected == null ? first : rejected.parts().getFirst().found();
    }

    /** Implements {@link PresenceDeadlines}. */
    private Optional<PresenceTimer> expire(PresenceTimer timer, Instant now) {
        Owner owner = new Owner(timer.tenant(), timer.userId());
        return loop.decide(CONTENTION, now, attempts -> {
            PresenceItem seen =
                    items(owner.tenant(), List.of(owner.user())).getOrDefault(owner.user(), PresenceItem.NONE);
            @Nullable Instant expires = seen.presence().expires();
            if (expires == null || seen.timer() != timer.number()) {
                return Step.none(Optional.empty());
            }
            return now.isBefore(expires)
                    ? Step.none(Optional.of(timer.dueAt(expires)))
                    : new Step<>(
                            Optional.empty(),
                            List.of(items.replace(owner, seen, seen.presence().at(now), attempts.writeId(), now)));
        });
    }

    /** Returns those of some users who are offline or away. Their desks have the mark, so they have had a presence. */
    List<String> unavailable(String tenant, List<String> users, Instant now) {
        List<String> unavailable = new ArrayList<>();
        if (!users.isEmpty()) {
            Map<String, PresenceItem> found = items(tenant, users);
            for (String user : users) {
                Presence presence = found.getOrDefault(user, PresenceItem.NONE).presence();
                if (presence.at(now).content().isUnavailable()) {
                    unavailable.add(user);
                }
            }
        }
        return unavailable;
    }

    private Map<String, PresenceItem> items(String tenant, List<String> users) {
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String user : users) {
            keys.add(DynamoDbPresenceItems.key(new Owner(tenant, user)));
        }
        Map<String, PresenceItem> found = new HashMap<>();
        for (Map<String, AttributeValue> item : dynamoDb.getAll(table, keys)) {
            found.put(userOf(item), DynamoDbPresenceItems.read(item));
        }
        return found;
    }

    private static String userOf(Map<String, AttributeValue> item) {
        return DynamoDbPresenceItems.userOf(textOf(item, DynamoDbSessionItems.KEY));
    }

    @Override
    public Page<UserPresence> presences(
            String tenant,
            @Nullable BasicState basicState,
            @Nullable UnaryOperator<Set<String>> admitted,
            PageRequest page,
            Instant now) {
        boolean isFiltered = basicState != null || admitted != null;
        Slice found = read(tenant, page.after(), isFiltered ? Math.max(BATCH, page.size()) : page.size());
        Map<String, Presence> wanted = new LinkedHashMap<>();
        for (Map<String, AttributeValue> item : found.items()) {
            Presence presence = DynamoDbPresenceItems.read(item).presence().at(now);
            if (basicState == null || presence.content().basicState() == basicState) {
                wanted.put(userOf(item), presence);
            }
        }
        if (admitted != null && !wanted.isEmpty()) {
            wanted.keySet().retainAll(admitted.apply(Set.copyOf(wanted.keySet())));
        }
        List<String> users = wanted.keySet().stream().limit(page.size()).toList();
        Map<String, DeskItem> desks = users.isEmpty()
                ? Map.of()
                : new DynamoDbOfferReads(dynamoDb, table)
                        .read(tenant, null, users)
                        .desks();
        List<UserPresence> presences = new ArrayList<>();
        for (String user : users) {
            presences.add(new UserPresence(
                    user,
                    wanted.getOrDefault(user, Presence.NONE),
                    open(desks.getOrDefault(user, DeskItem.EMPTY), now),
                    limits.openSessions()));
        }
        boolean isCut = users.size() < wanted.size();
        return new Page<>(presences, isCut ? DynamoDbPresenceItems.position(users.getLast()) : found.next());
    }

    /**
     * Presences as they were read.
     *
     * @param next the position after which more follow; null for none
     */
    private record Slice(
            List<Map<String, AttributeValue>> items,
            @Nullable String next) {}

    /** Reads presences after a position, from one partition after the other. */
    private Slice read(String tenant, @Nullable String after, int size) {
        @Nullable String user = after == null ? null : DynamoDbPresenceItems.positionOrNull(after);
        if (after != null && user == null) {
            throw new InvalidPosition();
        }
        List<Map<String, AttributeValue>> found = new ArrayList<>();
        int shard = after == null ? 0 : DynamoDbPresenceItems.shardOf(after);
        while (shard < DynamoDbPresenceItems.SHARDS) {
            QueryResponse response = dynamoDb.query(
                    table,
                    "#owner = :owner AND #key BETWEEN :from AND :to",
                    DynamoDbPresenceItems.of(tenant, shard, user),
                    null,
                    size - found.size());
            found.addAll(response.items());
            boolean hasMore = response.hasLastEvaluatedKey() || shard < DynamoDbPresenceItems.SHARDS - 1;
            if (found.size() == size) {
                return new Slice(found, hasMore ? DynamoDbPresenceItems.position(userOf(found.getLast())) : null);
            }
            user = response.hasLastEvaluatedKey() ? userOf(response.lastEvaluatedKey()) : null;
            shard += user == null ? 1 : 0;
        }
        return new Slice(found, null);
    }

    /**
     * Returns how many sessions count towards the limit. One whose summary is missing counts, because it has a slot.
     */
    private int open(DeskItem desk, Instant now) {
        int open = 0;
        List<SessionSummary> onDesk = new ArrayList<>();
        for (String id : desk.desk().open()) {
            @Nullable SessionSummary summary = desk.summaries().get(id);
            if (summary == null) {
                open++;
            } else if (!summary.hasEnded(now, limits.idle())) {
                open++;
                onDesk.add(summary);
            }
        }
        return open - limits.uncounted(onDesk, now);
    }
}
