package io.switchboard.template.store;

import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.template.store.DynamoDbTemplateItems.UNIQUE_NAME;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads templates from the Templates table. {@link DynamoDbTemplateItems} describes its items. Thread-safe. */
public final class DynamoDbTemplateReader implements SessionTemplateReader {
    /** The number of items that a filtered page reads. */
    private static final int FILTERED_SCAN = 200;

    private final DynamoDbTemplateTable table;

    /** Creates a reader of this table. */
    public DynamoDbTemplateReader(DynamoDb dynamoDb, String table) {
        this(new DynamoDbTemplateTable(dynamoDb, table));
    }

    DynamoDbTemplateReader(DynamoDbTemplateTable table) {
        this.table = table;
    }

    @Override
    public Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now) {
        return Optional.ofNullable(DynamoDbTemplateItems.stored(
                kind, uniqueName, table.item(tenant, DynamoDbTemplateItems.template(kind, uniqueName))));
    }

    @Override
    public List<Stored<Template>> readAll(
            String tenant, TemplateKind kind, Collection<String> uniqueNames, Instant now) {
        // Names that differ only in case have one key.
        Set<String> sortKeys = new LinkedHashSet<>();
        for (String uniqueName : uniqueNames) {
            sortKeys.add(DynamoDbTemplateItems.template(kind, uniqueName));
        }
        List<Stored<Template>> found = new ArrayList<>();
        for (Map<String, AttributeValue> item : table.items(tenant, sortKeys).values()) {
            if (uniqueNames.contains(textOf(item, UNIQUE_NAME))) {
                found.add(DynamoDbTemplateItems.stored(kind, item));
            }
        }
        return found;
    }

    @Override
    public Page<Stored<Template>> list(
            String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now) {
        int looks = filter.isSelective() ? Math.max(FILTERED_SCAN, page.size()) : page.size();
        var found = table.page(tenant, DynamoDbTemplateItems.prefix(kind), page.after(), looks);
        List<Stored<Template>> templates = new ArrayList<>();
        for (Map<String, AttributeValue> item : found.items()) {
            Stored<Template> stored = DynamoDbTemplateItems.stored(kind, item);
            if (!filter.admits(stored.template())) {
                continue;
            }
            if (templates.size() == page.size()) {
                return new Page<>(
                        templates, UniqueName.key(templates.getLast().template().uniqueName()));
            }
            templates.add(stored);
        }
        return new Page<>(templates, found.next());
    }

    Optional<Stored<Template>> version(String tenant, TemplateKind kind, String uniqueName, long version) {
        return Optional.ofNullable(table.item(tenant, DynamoDbTemplateItems.version(kind, uniqueName, version)))
                .map(item -> DynamoDbTemplateItems.stored(kind, item));
    }

    Page<Stored<Template>> versions(String tenant, TemplateKind kind, String uniqueName, PageRequest page) {
        String prefix = DynamoDbTemplateItems.versions(kind, uniqueName);
        return DynamoDbTemplateTable.map(
                table.pageBackwards(tenant, prefix, page.after(), page.size()),
                item -> DynamoDbTemplateItems.stored(kind, item));
    }

    @Override
    public TemplateSnapshot readForSession(String tenant, String userId, @Nullable String sessionTemplate) {
        String userKey = DynamoDbTemplateItems.user(userId);
        List<String> keys = new ArrayList<>(List.of(userKey));
        TemplateKind kind = TemplateKind.SESSION_TEMPLATE;
        if (sessionTemplate != null) {
            keys.add(DynamoDbTemplateItems.template(kind, sessionTemplate));
        }
        Map<String, Map<String, AttributeValue>> items = table.items(tenant, keys);
        @Nullable Map<String, AttributeValue> user = items.get(userKey);
        return new TemplateSnapshot(
                user == null ? null : DynamoDbTemplateItems.assignment(user),
                sessionTemplate == null
                        ? null
                        : DynamoDbTemplateItems.stored(kind, sessionTemplate, items.get(keys.get(1))));
    }

    @Override
    public Map<String, ProfileAssignment> assignments(String tenant, Collection<String> userIds) {
        Map<String, String> users = new HashMap<>();
        for (String userId : userIds) {
            users.put(DynamoDbTemplateItems.user(userId), userId);
        }
        Map<String, ProfileAssignment> assignments = new HashMap<>();
        table.items(tenant, users.keySet())
                .forEach((key, item) ->
                        assignments.put(users.getOrDefault(key, ""), DynamoDbTemplateItems.assignment(item)));
        return assignments;
    }
}
