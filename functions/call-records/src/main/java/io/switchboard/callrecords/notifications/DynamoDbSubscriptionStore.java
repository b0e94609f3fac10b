package io.switchboard.callrecords.notifications;

import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.seconds;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteLoop;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Subscriptions in the CallRecordOperations table: in the partition of their tenant, one item each.
 *
 * <p>Beside them one item counts the creations of its tenant. A creation is allowed by what was there when this count was read,
 * and moves it on in the same transaction: so no two are allowed by the same state, and the limit is exact. Deletions and
 * expiries only make room, and leave it alone. One more item of the tenant, if there are any, holds its failed validations.
 * Thread-safe.
 */
public final class DynamoDbSubscriptionStore implements SubscriptionStore {
    private static final String RECORD = "record";
    private static final String KEY = "key";
    private static final String SUBSCRIPTION = "SUBSCRIPTION#";
    private static final String CREATIONS = "SUBSCRIPTIONS";
    private static final String COUNT = "count";
    /** The sort key of the one item that holds a tenant's {@link FailedValidations}. */
    private static final String VALIDATIONS = "VALIDATIONS";

    private static final String ENDS = "ends";
    private static final String DOCUMENT = "document";
    /** When the subscription ends; time to live may let its item stay longer, for repeats of the request that made it. */
    private static final String ENDS_AT = "endsAt";

    private static final String EXPIRES_AT = "expiresAt";
    private static final String REQUEST_HASH = "requestHash";
    /** How many items a page looks at, at least: those of other applications are passed over. */
    private static final int SCAN = 100;

    private static final int LARGEST_PAGE = 1_000;

    private final DynamoDb dynamoDb;
    private final String table;

    /** A store in this table. */
    public DynamoDbSubscriptionStore(DynamoDb dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    @Override
    public SubscriptionOutcome create(Subscription wanted, @Nullable String requestHash, Instant now) {
        Set<String> ours = new HashSet<>();
        while (true) {
            long creations = creations(wanted.tenant());
            if (all(wanted.tenant(), now).size() >= MOST) {
                // Whoever took the last place may have been this request's first attempt.
                return requestHash == null
                        ? new SubscriptionOutcome.LimitReached()
                        : replay(wanted.tenant(), wanted.id(), requestHash, now)
                                .orElseGet(SubscriptionOutcome.LimitReached::new);
            }
            String writeId = DynamoDb.newWriteId();
            ours.add(writeId);
            WriteOutcome outcome = dynamoDb.write(
                    writeId,
                    List.of(
                            Write.put(table, item(wanted, requestHash, writeId))
                                    .onlyIf("attribute_not_exists(#key) OR #expiresAt <= :now")
                                    .with("now", seconds(now)),
                            moveOn(wanted.tenant(), creations, writeId)));
            if (!(outcome instanceof WriteOutcome.Refused refused)) {
                return new SubscriptionOutcome.Created(wanted);
            }
            WriteOutcome.Part subscription = refused.parts().getFirst();
            if (subscription.failed()) {
                return ours.contains(textOf(subscription.found(), DynamoDb.WRITE_ID))
                        ? new SubscriptionOutcome.Created(wanted)
                        : existing(wanted.tenant(), wanted.id(), subscription.found(), requestHash, now);
            }
            WriteLoop.requireTime("others' subscriptions came before every attempt");
        }
    }

    private long creations(String tenant) {
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, key(tenant, CREATIONS));
        return item == null ? 0 : numberOf(item, COUNT);
    }

    private Write moveOn(String tenant, long seen, String writeId) {
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
    public Page<Subscription> list(String tenant, String application, PageRequest page, Instant now) {
        var found = query(tenant, page.after(), Math.max(SCAN, page.size()));
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
            var found = query(tenant, after, LARGEST_PAGE);
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

    private software.amazon.awssdk.services.dynamodb.model.QueryResponse query(
            String tenant, @Nullable String after, int limit) {
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
        while (true) {
            @Nullable Found found = find(tenant, application, id, now);
            if (found == null) {
                return Optional.empty();
            }
            Subscription changed = change.apply(found.subscription);
            if (changed.equals(found.subscription)) {
                return Optional.of(changed);
            }
            String writeId = DynamoDb.newWriteId();
            Write write = Write.put(table, item(changed, found.requestHash, writeId))
                    .onlyIf("#writeId = :seen")
                    .with("seen", text(found.writeId));
            if (dynamoDb.write(writeId, List.of(write)) instanceof WriteOutcome.Written) {
                return Optional.of(changed);
            }
            WriteLoop.requireTime("the subscription changed under every attempt");
        }
    }

    @Override
    public boolean delete(String tenant, String application, String id, Instant now) {
        while (true) {
            @Nullable Found found = find(tenant, application, id, now);
            if (found == null) {
                return false;
            }
            String writeId = DynamoDb.newWriteId();
            Map<String, AttributeValue> key = key(tenant, SUBSCRIPTION + id);
            Write write = found.requestHash == null
                    ? Write.delete(table, key)
                    : Write.put(table, tombstone(key, found.requestHash, writeId, now));
            write.onlyIf("#writeId = :seen").with("seen", text(found.writeId));
            if (dynamoDb.write(writeId, List.of(write)) instanceof WriteOutcome.Written) {
                return true;
            }
            WriteLoop.requireTime("the subscription changed under every attempt");
        }
    }

    @Override
    public @Nullable Instant beginValidations(String tenant, int count, Instant now) {
        // Most tenants have no item, and then none is read. If there is one, the refused write returns it.
        Map<String, AttributeValue> seen = Map.of();
        while (true) {
            FailedValidations before = validations(seen).at(now);
            if (!before.hasRoomFor(count)) {
                return before.roomFor(count);
            }
            WriteOutcome outcome = write(tenant, seen, before.begin(count, now));
            if (!(outcome instanceof WriteOutcome.Refused refused)) {
                return null;
            }
            seen = refused.parts().getFirst().found();
            WriteLoop.requireTime("other validations of the tenant began before every attempt");
        }
    }

    @Override
    public void endValidations(String tenant, int count, int failed, Instant now) {
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, key(tenant, VALIDATIONS));
        Map<String, AttributeValue> seen = item == null ? Map.of() : item;
        while (true) {
            FailedValidations next = validations(seen).end(count, failed, now).at(now);
            if (seen.isEmpty() && next.ends().isEmpty()) {
                return;
            }
            if (!(write(tenant, seen, next) instanceof WriteOutcome.Refused refused)) {
                return;
            }
            seen = refused.parts().getFirst().found();
            WriteLoop.requireTime("other validations of the tenant ended before every attempt");
        }
    }

    /** Replaces the item that was seen, if it is still the same. */
    private WriteOutcome write(String tenant, Map<String, AttributeValue> seen, FailedValidations next) {
        String writeId = DynamoDb.newWriteId();
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
        if (seen.isEmpty()) {
            write.onlyIf("attribute_not_exists(#key)");
        } else {
            write.onlyIf("#writeId = :seen").with("seen", text(textOf(seen, DynamoDb.WRITE_ID)));
        }
        return dynamoDb.write(writeId, List.of(write));
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

    private record Found(
            Subscription subscription, @Nullable String requestHash, String writeId) {}

    private @Nullable Found find(String tenant, String application, String id, Instant now) {
        @Nullable
        Map<String, AttributeValue> item = Keys.fits(id) ? dynamoDb.get(table, key(tenant, SUBSCRIPTION + id)) : null;
        @Nullable Subscription living = item == null ? null : living(tenant, id, item, now);
        return item == null || living == null || !living.application().equals(application)
                ? null
                : new Found(living, textOrNull(item, REQUEST_HASH), textOf(item, DynamoDb.WRITE_ID));
    }

    private static Map<String, AttributeValue> item(
            Subscription subscription, @Nullable String requestHash, String writeId) {
        Map<String, AttributeValue> item = key(subscription.tenant(), SUBSCRIPTION + subscription.id());
        item.put(DOCUMENT, text(StoredSubscriptionDocument.write(subscription)));
        item.put(ENDS_AT, seconds(subscription.expires()));
        item.put(
                EXPIRES_AT,
                seconds(
                        requestHash == null
                                ? subscription.expires()
                                : subscription.expires().plus(MEMORY)));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        if (requestHash != null) {
            item.put(REQUEST_HASH, text(requestHash));
        }
        return item;
    }

    /** What is left where a repeat of the request may come: nothing of what was told to us. */
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
        @Nullable String document = textOrNull(item, DOCUMENT);
        if (document == null) {
            return null;
        }
        Instant endsAt = Instant.ofEpochSecond(numberOf(item, ENDS_AT));
        return endsAt.isAfter(now) ? StoredSubscriptionDocument.read(tenant, id, document, endsAt) : null;
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
