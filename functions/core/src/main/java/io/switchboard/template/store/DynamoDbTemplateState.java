package io.switchboard.template.store;

import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.template.store.DynamoDbTemplateItems.DEFAULT_APP_PROFILE;
import static io.switchboard.template.store.DynamoDbTemplateItems.UNIQUE_NAME;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of a tenant that an attempt has read, with the planned changes of an import. Not thread-safe. */
final class DynamoDbTemplateState {
    private final String tenant;
    private final Map<String, Map<String, AttributeValue>> items;
    private final Map<String, Planned> planned = new HashMap<>();
    private boolean isDefaultPlanned;
    private @Nullable String plannedDefault;

    DynamoDbTemplateState(String tenant, Map<String, Map<String, AttributeValue>> items) {
        this.tenant = tenant;
        this.items = items;
    }

    String tenant() {
        return tenant;
    }

    @Nullable
    Map<String, AttributeValue> item(String sortKey) {
        return items.get(sortKey);
    }

    @Nullable
    Map<String, AttributeValue> item(TemplateKind kind, String uniqueName) {
        return items.get(DynamoDbTemplateItems.template(kind, uniqueName));
    }

    /** Returns the id of the write that stored an item; null if the item does not exist. */
    @Nullable
    String writeId(String sortKey) {
        @Nullable Map<String, AttributeValue> item = items.get(sortKey);
        return item == null ? null : textOf(item, DynamoDb.WRITE_ID);
    }

    /** Returns a template by its exact name: the planned one, else the stored one. */
    @Nullable
    Planned find(TemplateKind kind, String uniqueName) {
        String sortKey = DynamoDbTemplateItems.template(kind, uniqueName);
        @Nullable Planned plan = planned.get(sortKey);
        if (plan != null) {
            return plan.template.uniqueName().equals(uniqueName) ? plan : null;
        }
        @Nullable Stored<Template> stored = DynamoDbTemplateItems.stored(kind, uniqueName, items.get(sortKey));
        return stored == null ? null : new Planned(stored.template(), stored.version());
    }

    void plan(Template template, long storedVersion) {
        planned.put(
                DynamoDbTemplateItems.template(template.kind(), template.uniqueName()),
                new Planned(template, storedVersion));
    }

    @Nullable
    String defaultProfile() {
        if (isDefaultPlanned) {
            return plannedDefault;
        }
        @Nullable Map<String, AttributeValue> item = items.get(DEFAULT_APP_PROFILE);
        return item == null ? null : textOf(item, UNIQUE_NAME);
    }

    void planDefault(@Nullable String appProfile) {
        isDefaultPlanned = true;
        plannedDefault = appProfile;
    }

    /** @param storedVersion the version that is stored; 0 if the template is not stored yet */
    record Planned(Template template, long storedVersion) {}
}
