package io.switchboard.template.store;

import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.template.store.DynamoDbTemplateItems.KEY;
import static io.switchboard.template.store.DynamoDbTemplateItems.REFERENCES;
import static io.switchboard.template.store.DynamoDbTemplateItems.UNIQUE_NAME;
import static io.switchboard.template.store.DynamoDbTemplateItems.USED_BY;
import static io.switchboard.template.store.DynamoDbTemplateItems.VERSION;

import io.switchboard.dynamodb.Write;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A transaction on the Templates table that combines several changes. DynamoDB accepts each item once per transaction,
 * so all changes of an item are combined into one write, such as storing a template and adding three users. Not
 * thread-safe.
 */
final class DynamoDbTemplateTransaction {
    /** DynamoDB's limit for one transaction. */
    private static final int MAXIMUM_ITEMS = 100;
    /** The largest transaction, in bytes. DynamoDB allows 4 MB, including attribute names and conditions. */
    private static final int MAXIMUM_BYTES = 3_500_000;
    /** The size of a number, in bytes. */
    private static final int LONGEST_NUMBER = 21;
    /** The most users whose names an item contains. */
    static final int NAMED = 20;

    private final String table;
    private final String tenant;
    private final String writeId;
    private final Map<String, ItemChange> parts = new LinkedHashMap<>();
    private int bytes;

    /** @param writeId the write id of the items */
    DynamoDbTemplateTransaction(String table, String tenant, String writeId) {
        this.table = table;
        this.tenant = tenant;
        this.writeId = writeId;
    }

    String writeId() {
        return writeId;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    /**
     * Adds the changes of another transaction.
     *
     * @return false if both do not fit one transaction; then nothing has changed
     */
    boolean join(DynamoDbTemplateTransaction other) {
        Set<String> keys = new LinkedHashSet<>(parts.keySet());
        keys.addAll(other.parts.keySet());
        if (keys.size() > MAXIMUM_ITEMS || bytes + other.bytes > MAXIMUM_BYTES) {
            return false;
        }
        for (var entry : other.parts.entrySet()) {
            @Nullable ItemChange present = parts.get(entry.getKey());
            if (present != null && !present.goesWith(entry.getValue())) {
                return false;
            }
        }
        for (var entry : other.parts.entrySet()) {
            part(entry.getKey()).join(entry.getValue());
        }
        bytes += other.bytes;
        return true;
    }

    /** Stores an item that must not exist. */
    void create(String sortKey, Map<String, AttributeValue> attributes) {
        put(sortKey, attributes).onlyIf("attribute_not_exists(#" + KEY + ")");
    }

    /** Stores an item, replacing an existing one. */
    ItemChange put(String sortKey, Map<String, AttributeValue> attributes) {
        ItemChange part = part(sortKey);
        part.put = attributes;
        count(attributes);
        return part;
    }

    /** Changes some attributes of an item. */
    ItemChange set(String sortKey, Map<String, AttributeValue> attributes) {
        ItemChange part = part(sortKey);
        part.set = attributes;
        count(attributes);
        return part;
    }

    /** Deletes an item. */
    ItemChange delete(String sortKey) {
        ItemChange part = part(sortKey);
        part.isDeleted = true;
        return part;
    }

    /**
     * Adds a user of a template.
     *
     * @param referred the exact unique name
     * @param user the name of the new user; null if the item already contains enough names
     * @param seen the version on which the user relies; 0 for any
     */
    void refer(String sortKey, String referred, @Nullable String user, long seen) {
        ItemChange part = part(sortKey);
        part.references++;
        if (user != null) {
            part.users.add(user);
        }
        part.referred.add("attribute_exists(#" + KEY + ") AND #" + UNIQUE_NAME + " = :referred");
        part.values.put("referred", text(referred));
        if (seen > 0) {
            part.referred.add("#" + VERSION + " = :relied");
            part.values.put("relied", number(seen));
        }
    }

    /** Removes a user of a template. */
    void release(String sortKey, String user) {
        ItemChange part = part(sortKey);
        part.references--;
        part.released.add(user);
    }

    List<Write> writes() {
        List<Write> writes = new ArrayList<>();
        for (var part : parts.entrySet()) {
            writes.add(part.getValue().write(table, DynamoDbTemplateItems.key(tenant, part.getKey())));
        }
        return writes;
    }

    private ItemChange part(String sortKey) {
        return parts.computeIfAbsent(sortKey, any -> new ItemChange());
    }

    private void count(Map<String, AttributeValue> attributes) {
        for (var attribute : attributes.entrySet()) {
            @Nullable String value = attribute.getValue().s();
            bytes += attribute.getKey().length()
                    + (value == null ? LONGEST_NUMBER : value.getBytes(StandardCharsets.UTF_8).length);
        }
    }

    /** The changes of one item. */
    static final class ItemChange {
        private @Nullable Map<String, AttributeValue> put;
        private @Nullable Map<String, AttributeValue> set;
        private boolean isDeleted;
        private long references;
        private final Set<String> users = new LinkedHashSet<>();
        private final Set<String> released = new LinkedHashSet<>();
        private final Set<String> conditions = new LinkedHashSet<>();
        /** Conditions of new users, which an item that this transaction creates always fulfils. */
        private final Set<String> referred = new LinkedHashSet<>();

        private final Map<String, AttributeValue> values = new HashMap<>();

        ItemChange onlyIf(String condition) {
            conditions.add(condition);
            return this;
        }

        /** Requires that the template has no users. */
        ItemChange onlyIfUnused() {
            return onlyIf("attribute_not_exists(#" + REFERENCES + ") OR #" + REFERENCES + " = :zero")
                    .with("zero", number(0));
        }

        ItemChange with(String name, AttributeValue value) {
            values.put(name, value);
            return this;
        }

        private boolean writes() {
            return put != null || set != null || isDeleted;
        }

        /**
         * Returns true if two changes can be combined. DynamoDB cannot add to and delete from a set at once, or write
         * an item twice.
         */
        private boolean goesWith(ItemChange other) {
            boolean bothWrite = writes() && other.writes();
            boolean addsAndTakes =
                    (users.isEmpty() && other.users.isEmpty()) || (released.isEmpty() && other.released.isEmpty());
            return !bothWrite && addsAndTakes && !isDeleted && !other.isDeleted;
        }

        private void join(ItemChange other) {
            put = put == null ? other.put : put;
            set = set == null ? other.set : set;
            isDeleted |= other.isDeleted;
            references += other.references;
            users.addAll(other.users);
            released.addAll(other.released);
            conditions.addAll(other.conditions);
            referred.addAll(other.referred);
            values.putAll(other.values);
        }

        private Write write(String table, Map<String, AttributeValue> key) {
            Set<String> allConditions = new LinkedHashSet<>(conditions);
            Write write;
            if (isDeleted) {
                write = Write.delete(table, key);
            } else if (put != null) {
                Map<String, AttributeValue> item = new HashMap<>(key);
                item.putAll(put);
                if (references > 0) {
                    item.put(REFERENCES, number(references));
                }
                if (!users.isEmpty()) {
                    item.put(USED_BY, AttributeValue.fromSs(named()));
                }
                write = Write.put(table, item);
            } else {
                allConditions.addAll(referred);
                write = Write.update(table, key, expression());
                if (set != null) {
                    set.forEach(write::with);
                }
                if (references != 0) {
                    write.with(REFERENCES, number(references));
                }
                if (!users.isEmpty() || !released.isEmpty()) {
                    write.with(USED_BY, AttributeValue.fromSs(users.isEmpty() ? List.copyOf(released) : named()));
                }
            }
            if (!allConditions.isEmpty()) {
                write.onlyIf("(" + String.join(") AND (", allConditions) + ")");
            }
            String condition = String.join(" ", allConditions);
            values.forEach((name, value) -> {
                // DynamoDB rejects values that no expression uses.
                if (condition.contains(":" + name)) {
                    write.with(name, value);
                }
            });
            return write;
        }

        private List<String> named() {
            return users.stream().limit(NAMED).toList();
        }

        private String expression() {
            StringBuilder expression = new StringBuilder();
            if (set != null) {
                List<String> assignments = new ArrayList<>();
                for (String name : set.keySet()) {
                    assignments.add("#" + name + " = :" + name);
                }
                expression.append("SET ").append(String.join(", ", assignments));
            }
            List<String> additions = new ArrayList<>();
            if (references != 0) {
                additions.add("#" + REFERENCES + " :" + REFERENCES);
            }
            if (!users.isEmpty()) {
                additions.add("#" + USED_BY + " :" + USED_BY);
            }
            if (!additions.isEmpty()) {
                expression.append(" ADD ").append(String.join(", ", additions));
            }
            if (!released.isEmpty()) {
                expression.append(" DELETE #" + USED_BY + " :" + USED_BY);
            }
            return expression.toString();
        }
    }
}
