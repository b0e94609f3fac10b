package io.switchboard.template;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Keys;
import io.switchboard.dynamodb.Write;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.http.Json;
import io.switchboard.http.Page;
import io.switchboard.http.PageRequest;
import io.switchboard.http.Precondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Templates in the Templates table: one partition per tenant, one item per template under {@code kind#name}, one item per
 * reference under {@code reference#…}.
 *
 * <p>A template that others refer to counts them in {@code references}, within the transaction that makes or ends the
 * reference; a delete demands a count of zero. So of a delete and a racing new use exactly one wins, without a lock. A
 * deleted template that was created with an idempotency key leaves a tombstone for {@link #TOMBSTONE}. Thread-safe.
 */
public final class DynamoDbTemplateStore implements TemplateStore {
    /** How long a late retry of a create is recognised after the template was deleted. */
    static final Duration TOMBSTONE = Duration.ofHours(24);

    private static final String TENANT = "tenant";
    private static final String KEY = "key";
    private static final String UNIQUE_NAME = "uniqueName";
    private static final String DOCUMENT = "document";
    private static final String VERSION = "version";
    private static final String REFERENCES = "references";
    private static final String DELETED = "deleted";
    private static final String IDEMPOTENCY_KEY = "idempotencyKey";
    private static final String REQUEST_HASH = "requestHash";
    private static final String CREATED = "created";
    private static final String CREATED_BY = "createdBy";
    private static final String MODIFIED = "modified";
    private static final String MODIFIED_BY = "modifiedBy";

    private static final String REFERENCE = "reference#";
    private static final int USERS_NAMED = 10;
    /** How many items a filtered page looks at. */
    private static final int FILTERED_SCAN = 200;

    private static final AttributeValue ONE = AttributeValue.fromN("1");

    private final DynamoDb dynamoDb;
    private final String table;
    private final Set<String> shipped;

    /**
     * A store in this table.
     *
     * @param shipped the application tab templates that may be referred to without being stored
     */
    public DynamoDbTemplateStore(DynamoDb dynamoDb, String table, Set<String> shipped) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.shipped = Set.copyOf(shipped);
    }

    @Override
    public PutOutcome create(String tenant, Template template, @Nullable IdempotencyKey key, String by, Instant now) {
        Stored<Template> stored = Stored.created(template, by, now);
        String writeId = DynamoDb.newWriteId();
        Map<String, AttributeValue> item = key(tenant, sortKey(template));
        item.putAll(content(stored, writeId));
        item.put(UNIQUE_NAME, text(template.uniqueName()));
        item.put(CREATED, text(now.toString()));
        item.put(CREATED_BY, text(by));
        if (key != null) {
            item.put(IDEMPOTENCY_KEY, text(key.key()));
            item.put(REQUEST_HASH, text(key.requestHash()));
        }
        // A tombstone stands for its own create only: any other create of the name takes its place.
        Write put = Write.put(table, item).with("true", AttributeValue.fromBool(true));
        if (key == null) {
            put.onlyIf("attribute_not_exists(#key) OR #deleted = :true");
        } else {
            put.onlyIf(
                            "attribute_not_exists(#key) OR (#deleted = :true AND (#idempotencyKey <> :key OR #expiresAt <= :now))")
                    .with("key", text(key.key()))
                    .with("now", seconds(now));
        }
        List<Write> writes = new ArrayList<>();
        writes.add(put);
        List<String> referred = references(template);
        List<String> absent = clashing(tenant, List.of(), referred, now);
        if (!absent.isEmpty()) {
            return new PutOutcome.ReferencesMissing(absent);
        }
        for (String name : referred) {
            addReference(writes, tenant, name, template, writeId);
        }
        return switch (dynamoDb.write(writeId, writes)) {
            case WriteOutcome.Written written -> new PutOutcome.Created(stored);
            case WriteOutcome.Refused refused ->
                refused.parts().getFirst().failed()
                        ? existing(refused.parts().getFirst().found(), template, key)
                        : new PutOutcome.ReferencesMissing(missing(refused, referred));
        };
    }

    private static PutOutcome existing(
            Map<String, AttributeValue> item, Template template, @Nullable IdempotencyKey key) {
        if (key == null
                || !key.key().equals(textOrEmpty(item, IDEMPOTENCY_KEY))
                || !template.uniqueName().equals(textOf(item, UNIQUE_NAME))) {
            return new PutOutcome.NameTaken(textOf(item, UNIQUE_NAME));
        }
        if (!key.requestHash().equals(textOrEmpty(item, REQUEST_HASH))) {
            return new PutOutcome.KeyReused();
        }
        return isDeleted(item)
                ? new PutOutcome.ReplayedDeleted()
                : new PutOutcome.Replayed(stored(template.kind(), item));
    }

    @Override
    public PutOutcome replace(String tenant, Template template, Precondition precondition, String by, Instant now) {
        while (true) {
            @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, key(tenant, sortKey(template)));
            if (item == null || isDeleted(item) || !template.uniqueName().equals(textOf(item, UNIQUE_NAME))) {
                return new PutOutcome.NotFound();
            }
            Stored<Template> seen = stored(template.kind(), item);
            if (!precondition.admits(seen.version())) {
                return new PutOutcome.VersionMismatch(seen.version());
            }
            Stored<Template> next = seen.replacedBy(template, by, now);
            String writeId = DynamoDb.newWriteId();
            List<Write> writes = new ArrayList<>();
            writes.add(replacement(tenant, seen, next, writeId));
            List<String> before = references(seen.template());
            List<String> after = references(template);
            List<String> added = new ArrayList<>(after);
            added.removeAll(before);
            List<String> absent = clashing(tenant, before, added, now);
            if (!absent.isEmpty()) {
                return new PutOutcome.ReferencesMissing(absent);
            }
            for (String name : added) {
                addReference(writes, tenant, name, template, writeId);
            }
            before.removeAll(after);
            for (String name : before) {
                removeReference(writes, tenant, name, template);
            }
            switch (dynamoDb.write(writeId, writes)) {
                case WriteOutcome.Written written -> {
                    return new PutOutcome.Replaced(next);
                }
                case WriteOutcome.Refused refused -> {
                    if (!refused.parts().getFirst().failed()) {
                        List<String> missing = missing(refused, added);
                        if (!missing.isEmpty()) {
                            return new PutOutcome.ReferencesMissing(missing);
                        }
                    }
                    // Somebody was faster: the precondition is judged again on what they left.
                    DynamoDb.requireTime("the template changed under every attempt");
                }
            }
        }
    }

    /** By update, not put: the count of references is others' to write. */
    private Write replacement(String tenant, Stored<Template> seen, Stored<Template> next, String writeId) {
        Write write = Write.update(
                        table,
                        key(tenant, sortKey(next.template())),
                        "SET #document = :document, #version = :version, #modified = :modified,"
                                + " #modifiedBy = :modifiedBy, #writeId = :writeId")
                .onlyIf("#version = :seen AND attribute_not_exists(#deleted)")
                .with("seen", number(seen.version()));
        for (var attribute : content(next, writeId).entrySet()) {
            write.with(attribute.getKey(), attribute.getValue());
        }
        return write;
    }

    @Override
    public DeleteOutcome delete(
            String tenant, TemplateKind kind, String uniqueName, Precondition precondition, Instant now) {
        while (true) {
            String sortKey = sortKey(kind, uniqueName);
            @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, key(tenant, sortKey));
            if (item == null || isDeleted(item) || !uniqueName.equals(textOf(item, UNIQUE_NAME))) {
                return new DeleteOutcome.NotFound();
            }
            Stored<Template> seen = stored(kind, item);
            if (!precondition.admits(seen.version())) {
                return new DeleteOutcome.VersionMismatch(seen.version());
            }
            if (users(item) > 0) {
                return new DeleteOutcome.InUse(users(tenant, kind, uniqueName));
            }
            String writeId = DynamoDb.newWriteId();
            List<Write> writes = new ArrayList<>();
            writes.add(removal(tenant, sortKey, item, seen.version(), writeId, now));
            for (String name : references(seen.template())) {
                removeReference(writes, tenant, name, seen.template());
            }
            if (dynamoDb.write(writeId, writes) instanceof WriteOutcome.Written) {
                return new DeleteOutcome.Deleted();
            }
            DynamoDb.requireTime("the template changed under every attempt");
        }
    }

    private Write removal(
            String tenant,
            String sortKey,
            Map<String, AttributeValue> item,
            long version,
            String writeId,
            Instant now) {
        Write write = item.containsKey(IDEMPOTENCY_KEY)
                ? Write.update(
                                table,
                                key(tenant, sortKey),
                                "SET #deleted = :true, #expiresAt = :expiresAt, #writeId = :writeId REMOVE #document")
                        .with("true", AttributeValue.fromBool(true))
                        .with("expiresAt", seconds(now.plus(TOMBSTONE)))
                        .with("writeId", text(writeId))
                : Write.delete(table, key(tenant, sortKey));
        return write.onlyIf("#version = :seen AND attribute_not_exists(#deleted)"
                        + " AND (attribute_not_exists(#references) OR #references = :zero)")
                .with("seen", number(version))
                .with("zero", number(0));
    }

    @Override
    public Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now) {
        @Nullable Map<String, AttributeValue> item = dynamoDb.get(table, key(tenant, sortKey(kind, uniqueName)));
        return item == null || isDeleted(item) || !uniqueName.equals(textOf(item, UNIQUE_NAME))
                ? Optional.empty()
                : Optional.of(stored(kind, item));
    }

    @Override
    public List<Stored<Template>> readAll(
            String tenant, TemplateKind kind, Collection<String> uniqueNames, Instant now) {
        // DynamoDB refuses a batch that names an item twice, as names that differ only in case would.
        Set<String> sortKeys = new LinkedHashSet<>();
        for (String uniqueName : uniqueNames) {
            sortKeys.add(sortKey(kind, uniqueName));
        }
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String sortKey : sortKeys) {
            keys.add(key(tenant, sortKey));
        }
        List<Stored<Template>> found = new ArrayList<>();
        for (Map<String, AttributeValue> item : dynamoDb.getAll(table, keys)) {
            if (!isDeleted(item) && uniqueNames.contains(textOf(item, UNIQUE_NAME))) {
                found.add(stored(kind, item));
            }
        }
        return found;
    }

    @Override
    public Page<Stored<Template>> list(
            String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now) {
        String prefix = kind.text() + "#";
        var found = dynamoDb.query(
                table,
                "#tenant = :tenant AND begins_with(#key, :prefix)",
                Map.of("tenant", text(Keys.join(tenant)), "prefix", text(prefix + filter.prefixKey())),
                startKey(tenant, prefix, filter, page),
                filter.isSelective() ? Math.max(FILTERED_SCAN, page.size()) : page.size());
        List<Stored<Template>> templates = new ArrayList<>();
        for (Map<String, AttributeValue> item : found.items()) {
            if (isDeleted(item)) {
                continue;
            }
            Stored<Template> stored = stored(kind, item);
            if (!filter.admits(stored.template())) {
                continue;
            }
            if (templates.size() == page.size()) {
                return new Page<>(
                        templates, UniqueName.key(templates.getLast().template().uniqueName()));
            }
            templates.add(stored);
        }
        @Nullable
        String next = found.hasLastEvaluatedKey()
                ? textOf(found.lastEvaluatedKey(), KEY).substring(prefix.length())
                : null;
        return new Page<>(templates, next);
    }

    /** DynamoDB wants a start key that satisfies the key condition: a position before the prefix is the beginning. */
    private static @Nullable Map<String, AttributeValue> startKey(
            String tenant, String prefix, TemplateFilter filter, PageRequest page) {
        @Nullable String after = page.after();
        return after == null || after.isEmpty() || !after.startsWith(filter.prefixKey())
                ? null
                : key(tenant, prefix + after);
    }

    private void addReference(List<Write> writes, String tenant, String tabTemplate, Template user, String writeId) {
        writes.add(Write.update(
                        table,
                        key(tenant, sortKey(TemplateKind.APPLICATION_TAB_TEMPLATE, tabTemplate)),
                        "ADD #references :one")
                .onlyIf("attribute_exists(#key) AND attribute_not_exists(#deleted) AND #uniqueName = :name")
                .with("one", ONE)
                .with("name", text(tabTemplate)));
        Map<String, AttributeValue> reference = referenceKey(tenant, tabTemplate, user);
        reference.put(UNIQUE_NAME, text(user.uniqueName()));
        reference.put(DynamoDb.WRITE_ID, text(writeId));
        writes.add(Write.put(table, reference));
    }

    private void removeReference(List<Write> writes, String tenant, String tabTemplate, Template user) {
        writes.add(Write.update(
                        table,
                        key(tenant, sortKey(TemplateKind.APPLICATION_TAB_TEMPLATE, tabTemplate)),
                        "ADD #references :minusOne")
                .with("minusOne", number(-1)));
        writes.add(Write.delete(table, referenceKey(tenant, tabTemplate, user)));
    }

    /** Which references' targets are not there: parts come in pairs behind the template's own. */
    private static List<String> missing(WriteOutcome.Refused refused, List<String> referred) {
        List<String> missing = new ArrayList<>();
        for (int i = 0; i < referred.size(); i++) {
            if (refused.parts().get(1 + 2 * i).failed()) {
                missing.add(referred.get(i));
            }
        }
        return missing;
    }

    /**
     * Where names differ only in case, at most one of them is there, and DynamoDB refuses a transaction that names an item
     * twice: so which are missing is read, not tried.
     *
     * @param before references that are there already
     * @return which of the added ones are missing; none where no two names clash
     */
    private List<String> clashing(String tenant, List<String> before, List<String> added, Instant now) {
        Set<String> keys = new HashSet<>();
        boolean clash = false;
        for (String name : before) {
            keys.add(UniqueName.key(name));
        }
        for (String name : added) {
            clash |= !keys.add(UniqueName.key(name));
        }
        if (!clash) {
            return List.of();
        }
        List<String> missing = new ArrayList<>(added);
        for (Stored<Template> found : readAll(tenant, TemplateKind.APPLICATION_TAB_TEMPLATE, added, now)) {
            missing.remove(found.template().uniqueName());
        }
        return missing;
    }

    private List<String> users(String tenant, TemplateKind kind, String uniqueName) {
        var found = dynamoDb.query(
                table,
                "#tenant = :tenant AND begins_with(#key, :prefix)",
                Map.of("tenant", text(Keys.join(tenant)), "prefix", text(REFERENCE + sortKey(kind, uniqueName) + "#")),
                null,
                USERS_NAMED);
        List<String> users = new ArrayList<>();
        for (Map<String, AttributeValue> item : found.items()) {
            users.add(textOf(item, UNIQUE_NAME));
        }
        return users;
    }

    private List<String> references(Template template) {
        Set<String> names = new LinkedHashSet<>(template.applicationTabTemplates());
        names.removeAll(shipped);
        return new ArrayList<>(names);
    }

    private static Map<String, AttributeValue> referenceKey(String tenant, String tabTemplate, Template user) {
        return key(
                tenant, REFERENCE + sortKey(TemplateKind.APPLICATION_TAB_TEMPLATE, tabTemplate) + "#" + sortKey(user));
    }

    private static Map<String, AttributeValue> content(Stored<Template> stored, String writeId) {
        Map<String, AttributeValue> attributes = new LinkedHashMap<>();
        attributes.put(DOCUMENT, text(Json.write(stored.template().toJson())));
        attributes.put(VERSION, number(stored.version()));
        attributes.put(MODIFIED, text(String.valueOf(stored.lastModifiedDateTime())));
        attributes.put(MODIFIED_BY, text(String.valueOf(stored.lastModifiedBy())));
        attributes.put(DynamoDb.WRITE_ID, text(writeId));
        return attributes;
    }

    private static Stored<Template> stored(TemplateKind kind, Map<String, AttributeValue> item) {
        return new Stored<>(
                TemplateJson.readOwn(kind, Json.readOwn(textOf(item, DOCUMENT))),
                Origin.CUSTOM,
                Long.parseLong(attribute(item, VERSION).n()),
                Instant.parse(textOf(item, CREATED)),
                textOf(item, CREATED_BY),
                Instant.parse(textOf(item, MODIFIED)),
                textOf(item, MODIFIED_BY));
    }

    private static long users(Map<String, AttributeValue> item) {
        @Nullable AttributeValue count = item.get(REFERENCES);
        return count == null ? 0 : Long.parseLong(count.n());
    }

    private static boolean isDeleted(Map<String, AttributeValue> item) {
        return item.containsKey(DELETED);
    }

    private static String sortKey(Template template) {
        return sortKey(template.kind(), template.uniqueName());
    }

    private static String sortKey(TemplateKind kind, String uniqueName) {
        return kind.text() + "#" + UniqueName.key(uniqueName);
    }

    private static Map<String, AttributeValue> key(String tenant, String sortKey) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(TENANT, text(Keys.join(tenant)));
        key.put(KEY, text(sortKey));
        return key;
    }

    private static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    private static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    private static AttributeValue seconds(Instant instant) {
        return number(instant.getEpochSecond());
    }

    private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("An item of the Templates table has no " + name);
        }
        return value;
    }

    private static String textOf(Map<String, AttributeValue> item, String name) {
        return attribute(item, name).s();
    }

    private static String textOrEmpty(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? "" : value.s();
    }
}
