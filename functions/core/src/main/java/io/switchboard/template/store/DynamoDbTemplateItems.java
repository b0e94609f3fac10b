package io.switchboard.template.store;

import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.numberOf;
import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.dynamodb.Attributes.textOrNull;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Keys;
import io.switchboard.template.Origin;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of the Templates table: their names, keys and members. The table has one partition per tenant, with these
 * items:
 *
 * <ul>
 *   <li>{@code <kind>#<name>}: the current version of a template, with the number of its users and the names of some of
 *       them;
 *   <li>{@code version#<kind>#<name>#<number>}: a version of a template, which is never changed or deleted;
 *   <li>{@code deleted#<kind>#<name>}: the tombstone of a deleted template: its last version and the idempotency key of
 *       its creation;
 *   <li>{@code defaultAppProfile}: the default app profile;
 *   <li>{@code user#<user>} and {@code appProfileUser#<profile>#<user>}: the app profile of a user, by user and by
 *       profile.
 * </ul>
 */
final class DynamoDbTemplateItems {
    static final String KEY = "key";
    static final String UNIQUE_NAME = "uniqueName";
    static final String VERSION = "version";
    static final String REFERENCES = "references";
    static final String USED_BY = "usedBy";
    static final String APP_PROFILE = "appProfile";
    static final String DEFAULT_APP_PROFILE = "defaultAppProfile";

    private static final String TENANT = "tenant";
    private static final String DOCUMENT = "document";
    private static final String IDEMPOTENCY_KEY = "idempotencyKey";
    private static final String REQUEST_HASH = "requestHash";
    private static final String CREATED = "created";
    private static final String CREATED_BY = "createdBy";
    private static final String MODIFIED = "modified";
    private static final String MODIFIED_BY = "modifiedBy";
    private static final String DELETED = "deleted";
    private static final String USER_ID = "userId";
    private static final String ASSIGNED = "assigned";
    private static final String ASSIGNED_BY = "assignedBy";
    private static final int VERSION_DIGITS = 10;

    private DynamoDbTemplateItems() {}

    static String prefix(TemplateKind kind) {
        return kind.text() + "#";
    }

    static String template(TemplateKind kind, String uniqueName) {
        return prefix(kind) + UniqueName.key(uniqueName);
    }

    static String deleted(TemplateKind kind, String uniqueName) {
        return "deleted#" + template(kind, uniqueName);
    }

    static String versions(TemplateKind kind, String uniqueName) {
        return "version#" + template(kind, uniqueName) + "#";
    }

    static String version(TemplateKind kind, String uniqueName, long version) {
        String digits = Long.toString(version);
        return versions(kind, uniqueName) + "0".repeat(Math.max(0, VERSION_DIGITS - digits.length())) + digits;
    }

    static String user(String userId) {
        return "user#" + Keys.join(userId);
    }

    static String users(String appProfile) {
        return "appProfileUser#" + UniqueName.key(appProfile) + "#";
    }

    static Map<String, AttributeValue> key(String tenant, String sortKey) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(TENANT, text(Keys.join(tenant)));
        key.put(KEY, text(sortKey));
        return key;
    }

    /** Returns the attributes of a template's item that a replacement changes. */
    static Map<String, AttributeValue> content(Stored<Template> stored, String writeId) {
        Map<String, AttributeValue> attributes = new HashMap<>();
        attributes.put(DOCUMENT, text(StoredTemplateDocument.write(stored.template())));
        attributes.put(VERSION, number(stored.version()));
        attributes.put(MODIFIED, text(String.valueOf(stored.lastModifiedDateTime())));
        attributes.put(MODIFIED_BY, text(String.valueOf(stored.lastModifiedBy())));
        attributes.put(DynamoDb.WRITE_ID, text(writeId));
        return attributes;
    }

    /** Returns the attributes of a template's item except its key and users; also for the item of a version. */
    static Map<String, AttributeValue> whole(Stored<Template> stored, String writeId) {
        Map<String, AttributeValue> attributes = content(stored, writeId);
        attributes.put(UNIQUE_NAME, text(stored.template().uniqueName()));
        attributes.put(CREATED, text(String.valueOf(stored.createdDateTime())));
        attributes.put(CREATED_BY, text(String.valueOf(stored.createdBy())));
        return attributes;
    }

    static void put(Map<String, AttributeValue> item, @Nullable IdempotencyKey key) {
        if (key != null) {
            item.put(IDEMPOTENCY_KEY, text(key.key()));
            item.put(REQUEST_HASH, text(key.requestHash()));
        }
    }

    static Stored<Template> stored(TemplateKind kind, Map<String, AttributeValue> item) {
        return new Stored<>(
                StoredTemplateDocument.read(kind, textOf(item, DOCUMENT)),
                Origin.CUSTOM,
                numberOf(item, VERSION),
                Instant.parse(textOf(item, CREATED)),
                textOf(item, CREATED_BY),
                Instant.parse(textOf(item, MODIFIED)),
                textOf(item, MODIFIED_BY));
    }

    /** Returns the template of an item if it has exactly this name, else null. */
    static @Nullable Stored<Template> stored(
            TemplateKind kind, String uniqueName, @Nullable Map<String, AttributeValue> item) {
        return item == null || !uniqueName.equals(textOf(item, UNIQUE_NAME)) ? null : stored(kind, item);
    }

    /** Returns true if an item contains exactly this template, in any schema. */
    static boolean holds(Map<String, AttributeValue> item, Template template) {
        String written = StoredTemplateDocument.write(template);
        String document = textOf(item, DOCUMENT);
        return written.equals(document)
                || written.equals(StoredTemplateDocument.write(StoredTemplateDocument.read(template.kind(), document)));
    }

    /** Returns the tombstone of a template's item. */
    static Map<String, AttributeValue> remains(Map<String, AttributeValue> item, String writeId, Instant now) {
        Map<String, AttributeValue> remains = new HashMap<>();
        for (String name : List.of(UNIQUE_NAME, VERSION, IDEMPOTENCY_KEY, REQUEST_HASH)) {
            @Nullable AttributeValue value = item.get(name);
            if (value != null) {
                remains.put(name, value);
            }
        }
        remains.put(DELETED, text(now.toString()));
        remains.put(DynamoDb.WRITE_ID, text(writeId));
        return remains;
    }

    static Instant deletedAt(Map<String, AttributeValue> remains) {
        return Instant.parse(textOf(remains, DELETED));
    }

    /** Returns true if an item was created with this key. */
    static boolean hasKey(Map<String, AttributeValue> item, String key) {
        return key.equals(textOrNull(item, IDEMPOTENCY_KEY));
    }

    static boolean hasHash(Map<String, AttributeValue> item, String requestHash) {
        return requestHash.equals(textOrNull(item, REQUEST_HASH));
    }

    static TemplateUsers users(Map<String, AttributeValue> item) {
        @Nullable AttributeValue count = item.get(REFERENCES);
        @Nullable AttributeValue names = item.get(USED_BY);
        List<String> named = new ArrayList<>(names == null ? List.of() : names.ss());
        named.sort(null);
        return new TemplateUsers(named, count == null ? 0 : Long.parseLong(count.n()));
    }

    static Map<String, AttributeValue> assignment(ProfileAssignment assignment, String writeId) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(USER_ID, text(assignment.userId()));
        item.put(APP_PROFILE, text(assignment.appProfile()));
        item.put(ASSIGNED, text(assignment.assignedDateTime().toString()));
        item.put(ASSIGNED_BY, text(assignment.assignedBy()));
        item.put(DynamoDb.WRITE_ID, text(writeId));
        return item;
    }

    static ProfileAssignment assignment(Map<String, AttributeValue> item) {
        return new ProfileAssignment(
                textOf(item, USER_ID),
                textOf(item, APP_PROFILE),
                Instant.parse(textOf(item, ASSIGNED)),
                textOf(item, ASSIGNED_BY));
    }
}
