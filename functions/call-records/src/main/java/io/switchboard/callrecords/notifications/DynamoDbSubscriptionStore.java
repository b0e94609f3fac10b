package io.switchboard.callrecords.notifications;

import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.secondsOrNull;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Stores subscriptions in the CallRecords table: one item each, in the partition of the tenant.
 *
 * <p>One more item counts the creations of the tenant. A creation is checked against the subscriptions that existed
 * when this count was read, and increments the count in the same transaction. So no two creations are checked against
 * the same state, and the limit is exact. Deletions and expiries only free slots and leave the count unchanged. Another
 * item holds the tenant's failed validations, if any. Thread-safe.
 */
public final class DynamoDbSubscriptionStore implements SubscriptionStore {
    static final String RECORD = "record";
    static final String KEY = "key";
    static final String SUBSCRIPTION = "SUBSCRIPTION#";
    private static final String CREATIONS = "SUBSCRIPTIONS";
    private static final String COUNT = "count";
    /** The sort key of the one item that holds a tenant's {@link FailedValidations}. */
    private static final String VALIDATIONS = "VALIDATIONS";

    private static final String ENDS = "ends";
    static final String DOCUMENT = "document";
    /** When the subscription ends. Its item is kept longer, for its last notification and to recognise repeats. */
    static final String ENDS_AT = "endsAt";

    static final String FAILING_SINCE = "failingSince";
    static final String SUSPENDED_AT = "suspendedAt";
    static final String REMOVED_AT = "removedAt";

    private static final String EXPIRES_AT = "expiresAt";
    private static final String REQUEST_HASH = "requestHash";
    /** The least number of items that a page reads; those of other applications are skipped. */
    private static final int SCAN = 100;

    private static final int LARGEST_PAGE = 1_000;

    private static final String CONTENTION = "the subscription changed during every attempt";

    private final DynamoDb dynamoDb;
    private final WriteLoop loop;
    private final String table;

    /** Creates a store in this table. */
    public DynamoDbSubscriptionStore(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.loop = new WriteLoop(dynamoDb);
        this.table = table;
    }

    @Override
    public SubscriptionOutcome create(Subscription requested, @Nullable String requestHash, Instant now) {
        Set<String> ownWriteIds = new HashSet<>();
        return WriteLoop.until("other subscriptions were created during every attempt", () -> {
            long creations = creations(requested.tenant());
            if (all(requested.tenant(), now).size() >= MOST) {
                // The first attempt of this request may have taken the last slot.
                return requestHash == null
                        ? new SubscriptionOutcome.LimitReached()
                        : replay(requested.tenant(), requested.id(), requestHash, now)
                                .orElseGet(SubscriptionOutcome.LimitReached::new);
            }
            String writeId = DynamoDb.newWriteId();
            ownWriteIds.add(writeId);
            WriteOutcome outcome = dynamoDb.write(
                    writeId,
                    List.of(
                            Write.put(table, item(requested, requestHash, writeId))
                                    .onlyIf("attribute_not_exists(#key) OR #expiresAt <= :now OR"
                                            + " (attribute_not_exists(#requestHash) AND #endsAt <= :now)")
                                    .with("now", seconds(now)),
                            increment(requested.tenant(), creations, writeId)));
            if (!(outcome instanceof WriteOutcome.Rejected rejected)) {
                return new SubscriptionOutcome.Created(requested);
            }
            WriteOutcome.Part subscription = rejected.parts().getFirst();
            if (!subscription.failed()) {
                return null;
            }
            return ownWriteIds.contains(textOf(subscription.found(), DynamoDb.WRITE_ID))
                    ? new SubscriptionOutcome.Created(requested)
                    : existing(requested.tenant(), requested.id(), subscription.found(), requestHash, now);
        });
    }

    private long creations(String tenant) {
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, key(tenant, CREATIONS));
        return item == null ? 0 : numberOf(item, COUNT);
    }

    private Write increment(String tenant, long seen, String writeId) {
        Write write = Write.update(table, key(tenant, CREATIONS), "SET #writeId = :writeId, #count = :next")
                .with("writeId", text(writeId))
                .with("next", number(seen + 1));
        return seen == 0
                ? write.onlyIf("attribute_not_exists(#count)")
                : write.onlyIf("#count = :seen").with("seen", number(seen));
    }

    @Override
    public Optional<SubscriptionOutcome> replay(String tenant, String id, String requestHash, Instant now) {
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, key(tenant, SUBSCRIPTION + id));
        return item == null || numberOf(item, EXPIRES_AT) <= now.getEpochSecond()
                ? Optional.empty()
                : Optional.of(existing(tenant, id, item, requestHash, now));
    }

    private static SubscriptionOutcome existing(
            String tenant, String id, Map<String, AttributeValue> item, @Nullable String requestHash, Instant now) {
        if (requestHash == null || !requestHash.equals(textOrNull(item, REQUEST_HASH))) {
            return new SubscriptionOutcome.KeyReused();
        }
        @Nullable Subscription living = living(tenant, id, item, now);
        return living == null ? new SubscriptionOutcome.Gone() : new SubscriptionOutcome.Replayed(living);
    }

    @Override
    public Optional<Subscription> read(String tenant, String id, Instant now) {
        @Nullable
        Map<String, AttributeValue> item = Keys.fits(id) ? dynamoDb.get(table, key(tenant, SUBSCRIPTION + id)) : null;
        return item == null ? Optional.empty() : Optional.ofNullable(living(tenant, id, item, now));
    }

    @Override
    public Optional<Subscription> readEnded(String tenant, String id) {
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, key(tenant, SUBSCRIPTION + id));
        return item == null ? Optional.empty() : Optional.ofNullable(stored(tenant, id, item));
    }

    @Override
    public Page<Subscription> list(String tenant, String application, PageRequest page, Instant now) {
        QueryResponse found = query(tenant, page.after(), Math.max(SCAN, page.size()));
        List<Subscription> subscriptions = new ArrayList<>();
        for (Map<String, AttributeValue> item : found.items()) {
            @Nullable Subscription living = living(tenant, id(item), item, now);
            if (living == null || !living.application().equals(application)) {
                continue;
            }
            if (subscriptions.size() == page.size()) {
                return new Page<>(subscriptions, subscriptions.getLast().id());
            }
            subscriptions.add(living);
        }
        return new Page<>(subscriptions, found.hasLastEvaluatedKey() ? id(found.lastEvaluatedKey()) : null);
    }

    @Override
    public List<Subscription> all(String tenant, Instant now) {
        List<Subscription> subscriptions = new ArrayList<>();
        @Nullable String after = null;
        do {
            QueryResponse found = query(tenant, after, LARGEST_PAGE);
            for (Map<String, AttributeValue> item : found.items()) {
                @Nullable Subscription living = living(tenant, id(item), item, now);
                if (living != null) {
                    subscriptions.add(living);
                }
            }
            after = found.hasLastEvaluatedKey() ? id(found.lastEvaluatedKey()) : null;
        } while (after != null);
        return subscriptions;
    }

    private QueryResponse query(String tenant, @Nullable String after, int limit) {
        return dynamoDb.query(
                table,
                "#record = :record AND begins_with(#key, :prefix)",
                Map.of("record", text(Keys.join(tenant)), "prefix", text(SUBSCRIPTION)),
                after == null ? null : key(tenant, SUBSCRIPTION + after),
                limit);
    }

    @Override
    public Optional<Subscription> change(
            String tenant, String application, String id, UnaryOperator<Subscription> change, Instant now) {
        return loop.decide(CONTENTION, now, attempts -> {
            @Nullable StoredSubscription found = find(tenant, application, id, now);
            if (found == null) {
                return Step.none(Optional.empty());
            }
            Subscription changed = change.apply(found.subscription);
            if (changed.equals(found.subscription)) {
                return Step.none(Optional.of(changed));
            }
            Write write = Write.put(table, item(changed, found.requestHash, attempts.writeId()));
            return new Step<>(Optional.of(changed), List.of(onlyIfSeen(write, found.writeId)));
        });
    }

    @Override
    public boolean delete(String tenant, String application, String id, Instant now) {
        return loop.decide(CONTENTION, now, attempts -> {
            @Nullable StoredSubscription found = find(tenant, application, id, now);
            if (found == null) {
                return Step.none(false);
            }
            Map<String, AttributeValue> key = key(tenant, SUBSCRIPTION + id);
            Write write = found.requestHash == null
                    ? Write.delete(table, key)
                    : Write.put(table, tombstone(key, found.requestHash, attempts.writeId(), now));
            return new Step<>(true, List.of(onlyIfSeen(write, found.writeId)));
        });
    }

    private static Write onlyIfSeen(Write write, String writeId) {
        return write.onlyIf("#writeId = :seen").with("seen", text(writeId));
    }

    @Override
    public @Nullable Instant beginValidations(String tenant, int count, Instant now) {
        Optional<Instant> wait =
                loop.decide("other validations of the tenant began during every attempt", now, attempts -> {
                    // Most tenants have no item, so none is read first. If there is one, the failed write returns it.
                    Map<String, AttributeValue> seen = seen(attempts).orElse(Map.of());
                    FailedValidations before = validations(seen).at(now);
                    return before.admits(count)
                            ? new Step<>(
                                    Optional.empty(),
                                    List.of(replace(tenant, seen, before.begin(count, now), attempts.writeId())))
                            : Step.none(Optional.of(before.earliestFor(count)));
                });
        return wait.orElse(null);
    }

    @Override
    public void endValidations(String tenant, int count, int failed, Instant now) {
        @Nullable Map<String, AttributeValue> read = dynamoDb.get(table, key(tenant, VALIDATIONS));
        loop.decide("other validations of the tenant ended during every attempt", now, attempts -> {
            Map<String, AttributeValue> seen =
                    seen(attempts).orElseGet(() -> Objects.requireNonNullElse(read, Map.of()));
            FailedValidations next = validations(seen).end(count, failed, now).at(now);
            return seen.isEmpty() && next.ends().isEmpty()
                    ? Step.none(next)
                    : new Step<>(next, List.of(replace(tenant, seen, next, attempts.writeId())));
        });
    }

    /** Returns the item that the previous attempt found. */
    private static Optional<Map<String, AttributeValue>> seen(WriteLoop.Attempts<?> attempts) {
        return Optional.ofNullable(attempts.rejected())
                .map(rejected -> rejected.parts().getFirst().found());
    }

    /** Returns the write that replaces the item, if it has not changed since it was read. */
    private Write replace(String tenant, Map<String, AttributeValue> seen, FailedValidations next, String writeId) {
        Map<String, AttributeValue> item = key(tenant, VALIDATIONS);
        Write write;
        if (next.ends().isEmpty()) {
            write = Write.delete(table, item);
        } else {
            List<AttributeValue> ends = new ArrayList<>();
            long last = 0;
            for (long end : next.ends()) {
                ends.add(number(end));
                last = Math.max(last, end);
            }
            item.put(ENDS, AttributeValue.fromL(ends));
            item.put(EXPIRES_AT, number(last));
            item.put(DynamoDb.WRITE_ID, text(writeId));
            write = Write.put(table, item);
        }
        return seen.isEmpty()
                ? write.onlyIf("attribute_not_exists(#key)")
                : onlyIfSeen(write, textOf(seen, DynamoDb.WRITE_ID));
    }

    private static FailedValidations validations(Map<String, AttributeValue> item) {
        @Nullable AttributeValue ends = item.get(ENDS);
        if (ends == null) {
            return FailedValidations.NONE;
        }
        List<Long> numbers = new ArrayList<>();
        for (AttributeValue end : ends.l()) {
            numbers.add(Long.parseLong(end.n()));
        }
        return new FailedValidations(numbers);
    }

    private record StoredSubscription(
            Subscription subscription, @Nullable String requestHash, String writeId) {}

    private @Nullable StoredSubscription find(String tenant, String application, String id, Instant now) {
        @Nullable
        Map<String, AttributeValue> item = Keys.fits(id) ? dynamoDb.get(table, key(tenant, SUBSCRIPTION + id)) : null;
        @Nullable Subscription living = item == null ? null : living(tenant, id, item, now);
        return item == null || living == null || !living.application().equals(application)
                ? null
                : new StoredSubscription(living, textOrNull(item, REQUEST_HASH), textOf(item, DynamoDb.WRITE_ID));
    }

    private static Map<String, AttributeValue> item(
            Subscription subscription, @Nullable String requestHash, String writeId) {
        Map<String, AttributeValue> item = key(subscription.tenant(), SUBSCRIPTION + subscription.id());
        item.put(DOCUMENT, text(StoredSubscriptionDocument.write(subscription)));
        item.put(ENDS_AT, seconds(subscription.expires()));
        SubscriptionStatus status = subscription.status();
        put(item, FAILING_SINCE, status.failingSince());
        put(item, SUSPENDED_AT, status.suspendedAt());
        put(item, REMOVED_AT, status.removedAt());
        Instant end = status.removedAt() == null ? subscription.expires() : status.removedAt();
        item.put(EXPIRES_AT, seconds(end.plus(requestHash == null ? AFTERLIFE : MEMORY)));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        if (requestHash != null) {
            item.put(REQUEST_HASH, text(requestHash));
        }
        return item;
    }

    private static void put(Map<String, AttributeValue> item, String name, @Nullable Instant time) {
        if (time != null) {
            item.put(name, seconds(time));
        }
    }

    /** Returns the item that stays for repeats of the request; it has none of the subscription's data. */
    private static Map<String, AttributeValue> tombstone(
            Map<String, AttributeValue> key, String requestHash, String writeId, Instant now) {
        Map<String, AttributeValue> item = new HashMap<>(key);
        item.put(EXPIRES_AT, seconds(now.plus(MEMORY)));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        item.put(REQUEST_HASH, text(requestHash));
        return item;
    }

    private static @Nullable Subscription living(
            String tenant, String id, Map<String, AttributeValue> item, Instant now) {
        @Nullable Subscription stored = stored(tenant, id, item);
        return stored != null && stored.isLiving(now) ? stored : null;
    }

    /** Returns the subscription, which may have ended; null if its creator deleted it. */
    private static @Nullable Subscription stored(String tenant, String id, Map<String, AttributeValue> item) {
        @Nullable String document = textOrNull(item, DOCUMENT);
        return document == null
                ? null
                : StoredSubscriptionDocument.read(tenant, id, document, Instant.ofEpochSecond(numberOf(item, ENDS_AT)))
                        .with(new SubscriptionStatus(
                                secondsOrNull(item, FAILING_SINCE),
                                secondsOrNull(item, SUSPENDED_AT),
                                secondsOrNull(item, REMOVED_AT)));
    }

    private static String id(Map<String, AttributeValue> item) {
        return textOf(item, KEY).substring(SUBSCRIPTION.length());
    }

    private static Map<String, AttributeValue> key(String tenant, String sortKey) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(RECORD, text(Keys.join(tenant)));
        key.put(KEY, text(sortKey));
        return key;
    }
}
