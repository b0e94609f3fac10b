package io.switchboard.template.store;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteLoop.Step;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.builtin.BuiltInTemplates;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores templates in the Templates table. {@link DynamoDbTemplateItems} describes its items. Thread-safe. */
public final class DynamoDbTemplateStore implements TemplateStore {
    private static final String CONTENTION = "the template changed during every attempt";

    private final WriteLoop loop;
    private final DynamoDbTemplateTable table;
    private final DynamoDbTemplateReader reader;
    private final DynamoDbTemplateReferences references;
    private final DynamoDbTemplateChanges changes;

    /**
     * Creates a store in this table.
     *
     * @param builtIn the built-in templates, which can be referenced without being stored
     */
    public DynamoDbTemplateStore(DynamoDb dynamoDb, String table, BuiltInTemplates builtIn) {
        this.loop = new WriteLoop(dynamoDb);
        this.table = new DynamoDbTemplateTable(dynamoDb, table);
        this.reader = new DynamoDbTemplateReader(this.table);
        this.references = new DynamoDbTemplateReferences(this.table, builtIn);
        this.changes = new DynamoDbTemplateChanges(references);
    }

    @Override
    public PutOutcome create(String tenant, Template template, @Nullable IdempotencyKey key, String by, Instant now) {
        return put(
                tenant,
                template,
                now,
                (state, transaction) -> changes.create(state, transaction, template, key, by, now));
    }

    @Override
    public PutOutcome replace(String tenant, Template template, Precondition precondition, String by, Instant now) {
        return put(
                tenant,
                template,
                now,
                (state, transaction) -> changes.replace(state, transaction, template, precondition, by, now));
    }

    /** Decides the outcome of a write in a state, and adds its writes to the transaction. */
    private interface WriteDecision {
        PutOutcome outcome(DynamoDbTemplateState state, DynamoDbTemplateTransaction transaction);
    }

    private PutOutcome put(String tenant, Template template, Instant now, WriteDecision decision) {
        String sortKey = DynamoDbTemplateItems.template(template.kind(), template.uniqueName());
        return loop.<PutOutcome>decide(CONTENTION, now, attempts -> {
            DynamoDbTemplateState state = references.read(tenant, List.of(template));
            @Nullable PutOutcome landed = attempts.landed(state.writeId(sortKey));
            if (landed != null) {
                return Step.none(landed);
            }
            var transaction = new DynamoDbTemplateTransaction(table.name(), tenant, attempts.writeId());
            PutOutcome outcome = decision.outcome(state, transaction);
            return outcome instanceof PutOutcome.Placed
                    ? new Step<>(outcome, transaction.writes())
                    : Step.none(outcome);
        });
    }

    @Override
    public DeleteOutcome delete(
            String tenant, TemplateKind kind, String uniqueName, Precondition precondition, Instant now) {
        String sortKey = DynamoDbTemplateItems.template(kind, uniqueName);
        String deletedKey = DynamoDbTemplateItems.deleted(kind, uniqueName);
        return loop.<DeleteOutcome>decide(CONTENTION, now, attempts -> {
            var state = new DynamoDbTemplateState(tenant, table.items(tenant, List.of(sortKey, deletedKey)));
            @Nullable DeleteOutcome landed = attempts.landed(state.writeId(deletedKey));
            if (landed != null) {
                return Step.none(landed);
            }
            var transaction = new DynamoDbTemplateTransaction(table.name(), tenant, attempts.writeId());
            DeleteOutcome outcome = changes.delete(state, transaction, kind, uniqueName, precondition, now);
            return new Step<>(outcome, transaction.writes());
        });
    }

    @Override
    public Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now) {
        return reader.read(tenant, kind, uniqueName, now);
    }

    @Override
    public List<Stored<Template>> readAll(
            String tenant, TemplateKind kind, Collection<String> uniqueNames, Instant now) {
        return reader.readAll(tenant, kind, uniqueNames, now);
    }

    @Override
    public Page<Stored<Template>> list(
            String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now) {
        return reader.list(tenant, kind, filter, page, now);
    }

    @Override
    public Optional<Stored<Template>> version(String tenant, TemplateKind kind, String uniqueName, long version) {
        return reader.version(tenant, kind, uniqueName, version);
    }

    @Override
    public Page<Stored<Template>> versions(String tenant, TemplateKind kind, String uniqueName, PageRequest page) {
        return reader.versions(tenant, kind, uniqueName, page);
    }
}
