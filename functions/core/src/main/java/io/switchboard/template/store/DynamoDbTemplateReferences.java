package io.switchboard.template.store;

import static io.switchboard.dynamodb.Attributes.text;
import static io.switchboard.template.store.DynamoDbTemplateItems.DEFAULT_APP_PROFILE;
import static io.switchboard.template.store.DynamoDbTemplateItems.KEY;
import static io.switchboard.template.store.DynamoDbTemplateItems.UNIQUE_NAME;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.AppProfile;
import io.switchboard.template.ReferenceViolation;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.store.DynamoDbTemplateState.Planned;
import java.time.Instant;
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
 * Maintains the references between templates and the tenant's default profile. The transaction that adds or removes a
 * reference also updates the number of users of the template, and a delete requires zero users. So either a delete or a
 * concurrent new reference succeeds, without a lock. Thread-safe.
 */
final class DynamoDbTemplateReferences {
    /** The most pages to search for the name of a user if none of the stored names is left. */
    private static final int PAGES_FOR_A_NAME = 20;

    private final DynamoDbTemplateTable table;
    private final BuiltInTemplates builtIn;

    /** @param builtIn the built-in templates, which can be referenced without being stored */
    DynamoDbTemplateReferences(DynamoDbTemplateTable table, BuiltInTemplates builtIn) {
        this.table = table;
        this.builtIn = builtIn;
    }

    /** Reads the state for these templates: their items, tombstones and references. */
    DynamoDbTemplateState read(String tenant, List<Template> templates) {
        Set<String> keys = new LinkedHashSet<>();
        for (Template template : templates) {
            keys.add(DynamoDbTemplateItems.template(template.kind(), template.uniqueName()));
            keys.add(DynamoDbTemplateItems.deleted(template.kind(), template.uniqueName()));
            @Nullable TemplateKind referred = template.kind().referred();
            if (referred != null) {
                for (String name : stored(referred, template.references())) {
                    keys.add(DynamoDbTemplateItems.template(referred, name));
                }
            }
            if (template.kind() == TemplateKind.APP_PROFILE) {
                keys.add(DEFAULT_APP_PROFILE);
            }
        }
        return new DynamoDbTemplateState(tenant, table.items(tenant, keys));
    }

    /**
     * Adds and removes references and the claim to be the default.
     *
     * @param before the template that is replaced; null for a new one
     * @return the reason why the template cannot be stored; null for none
     */
    PutOutcome.@Nullable Rejected refer(
            DynamoDbTemplateState state,
            DynamoDbTemplateTransaction transaction,
            Template template,
            @Nullable Template before) {
        @Nullable TemplateKind referred = template.kind().referred();
        if (referred != null) {
            Set<String> after = stored(referred, template.references());
            Set<String> left = before == null ? Set.of() : stored(referred, before.references());
            List<String> missing = new ArrayList<>();
            Map<String, SessionTemplate> sessionTemplates = new LinkedHashMap<>();
            for (String name : after) {
                @Nullable Planned found = state.find(referred, name);
                // A template that was referenced before exists, because it could not be deleted.
                if (found == null && !left.contains(name)) {
                    missing.add(name);
                } else if (found != null && found.template() instanceof SessionTemplate sessionTemplate) {
                    sessionTemplates.put(name, sessionTemplate);
                }
                if (found != null && !left.contains(name)) {
                    refer(state, transaction, template, referred, found);
                }
            }
            if (!missing.isEmpty()) {
                return new PutOutcome.ReferencesMissing(missing);
            }
            if (template instanceof AppProfile profile) {
                addShipped(sessionTemplates, profile.references());
                List<ReferenceViolation> violations = profile.referenceViolations(sessionTemplates);
                if (!violations.isEmpty()) {
                    return new PutOutcome.ReferencesInvalid(violations);
                }
            }
            for (String name : left) {
                if (!after.contains(name)) {
                    transaction.release(DynamoDbTemplateItems.template(referred, name), template.uniqueName());
                }
            }
        }
        return template instanceof AppProfile profile ? claimDefault(state, transaction, profile, before) : null;
    }

    private static void refer(
            DynamoDbTemplateState state,
            DynamoDbTemplateTransaction transaction,
            Template template,
            TemplateKind referred,
            Planned found) {
        String name = found.template().uniqueName();
        @Nullable Map<String, AttributeValue> item = state.item(referred, name);
        boolean isNamed =
                item == null || DynamoDbTemplateItems.users(item).named().size() < DynamoDbTemplateTransaction.NAMED;
        transaction.refer(
                DynamoDbTemplateItems.template(referred, name),
                name,
                isNamed ? template.uniqueName() : null,
                // A profile relies on the type of a session template, a session template only on the tab template's
                // existence.
                template.kind() == TemplateKind.APP_PROFILE ? found.storedVersion() : 0);
    }

    private void addShipped(Map<String, SessionTemplate> sessionTemplates, Set<String> names) {
        for (String name : names) {
            @Nullable Stored<Template> shipped = builtIn.find(TemplateKind.SESSION_TEMPLATE, name);
            if (shipped != null && shipped.template() instanceof SessionTemplate sessionTemplate) {
                sessionTemplates.put(name, sessionTemplate);
            }
        }
    }

    private static PutOutcome.@Nullable Rejected claimDefault(
            DynamoDbTemplateState state,
            DynamoDbTemplateTransaction transaction,
            AppProfile profile,
            @Nullable Template before) {
        boolean wasDefault = before instanceof AppProfile earlier && earlier.isDefault();
        String name = profile.uniqueName();
        if (profile.isDefault() && !wasDefault) {
            @Nullable String other = state.defaultProfile();
            if (other != null) {
                return new PutOutcome.DefaultTaken(other);
            }
            state.planDefault(name);
            transaction
                    .put(DEFAULT_APP_PROFILE, defaultOf(name, transaction.writeId()))
                    .onlyIf("attribute_not_exists(#" + KEY + ")");
        } else if (wasDefault && !profile.isDefault()) {
            state.planDefault(null);
            transaction.delete(DEFAULT_APP_PROFILE);
        }
        return null;
    }

    private static Map<String, AttributeValue> defaultOf(String appProfile, String writeId) {
        return new HashMap<>(Map.of(UNIQUE_NAME, text(appProfile), DynamoDb.WRITE_ID, text(writeId)));
    }

    /** Removes the references of a deleted template and its claim to be the default. */
    void release(DynamoDbTemplateTransaction transaction, Template template) {
        @Nullable TemplateKind referred = template.kind().referred();
        if (referred != null) {
            for (String name : stored(referred, template.references())) {
                transaction.release(DynamoDbTemplateItems.template(referred, name), template.uniqueName());
            }
        }
        if (template instanceof AppProfile profile && profile.isDefault()) {
            transaction.delete(DEFAULT_APP_PROFILE);
        }
    }

    /** Returns the names of stored templates. Built-in templates always exist, and their users are not counted. */
    private Set<String> stored(TemplateKind kind, Set<String> names) {
        Set<String> stored = new LinkedHashSet<>();
        for (String name : names) {
            if (builtIn.find(kind, name) == null) {
                stored.add(name);
            }
        }
        return stored;
    }

    /** Returns the users of a template: those in its item or, if none of these is left, others from a search. */
    TemplateUsers users(String tenant, TemplateKind kind, String uniqueName, Map<String, AttributeValue> item) {
        TemplateUsers users = DynamoDbTemplateItems.users(item);
        if (!users.named().isEmpty()) {
            return users;
        }
        List<String> named = kind == TemplateKind.APP_PROFILE
                ? assignedUsers(tenant, uniqueName)
                : usingTemplates(tenant, kind, uniqueName);
        return new TemplateUsers(named, users.count());
    }

    private List<String> assignedUsers(String tenant, String appProfile) {
        List<String> named = new ArrayList<>();
        for (var item : table.page(
                        tenant, DynamoDbTemplateItems.users(appProfile), null, DynamoDbTemplateTransaction.NAMED)
                .items()) {
            named.add(DynamoDbTemplateItems.assignment(item).userId());
        }
        return named;
    }

    private List<String> usingTemplates(String tenant, TemplateKind kind, String uniqueName) {
        TemplateKind using =
                kind == TemplateKind.SESSION_TEMPLATE ? TemplateKind.APP_PROFILE : TemplateKind.SESSION_TEMPLATE;
        TemplateReader reader = new DynamoDbTemplateReader(table);
        List<String> named = new ArrayList<>();
        @Nullable String after = null;
        for (int i = 0; i < PAGES_FOR_A_NAME && named.isEmpty(); i++) {
            Page<Stored<Template>> page = reader.list(
                    tenant,
                    using,
                    TemplateFilter.ALL,
                    new PageRequest(after, DynamoDbTemplateTable.BATCH),
                    Instant.EPOCH);
            for (Stored<Template> stored : page.items()) {
                if (stored.template().references().contains(uniqueName)
                        && named.size() < DynamoDbTemplateTransaction.NAMED) {
                    named.add(stored.template().uniqueName());
                }
            }
            after = page.next();
            if (after == null) {
                break;
            }
        }
        return named;
    }
}
