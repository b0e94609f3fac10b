package io.switchboard.template.store;

import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.template.store.DynamoDbTemplateItems.UNIQUE_NAME;
import static io.switchboard.template.store.DynamoDbTemplateItems.VERSION;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.runtime.Deadline;
import io.switchboard.storage.Precondition;
import io.switchboard.template.Template;
import io.switchboard.template.builtin.BuiltInTemplates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Imports templates into the Templates table. Thread-safe. */
public final class DynamoDbImportStore implements ImportStore {
    /** The time reserved for the last transaction and the response. */
    private static final Duration LAST_TRANSACTION = Duration.ofSeconds(2);

    private final DynamoDb dynamoDb;
    private final String table;
    private final DynamoDbTemplateReferences references;
    private final DynamoDbTemplateChanges changes;

    /**
     * Creates a store in this table.
     *
     * @param builtIn the built-in templates, which can be referenced without being stored
     */
    public DynamoDbImportStore(DynamoDb dynamoDb, String table, BuiltInTemplates builtIn) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.references = new DynamoDbTemplateReferences(new DynamoDbTemplateTable(dynamoDb, table), builtIn);
        this.changes = new DynamoDbTemplateChanges(references);
    }

    @Override
    public List<PutOutcome> putAll(String tenant, List<Template> templates, boolean isDryRun, String by, Instant now) {
        Run run = new Run(tenant, templates, by, now);
        return isDryRun ? run.dryRun() : WriteLoop.until("the templates changed during every attempt", run::attempt);
    }

    /** One import. Not thread-safe. */
    private final class Run {
        private final String tenant;
        private final List<Template> templates;
        private final String by;
        private final Instant now;
        private final List<PutOutcome> outcomes;
        /** The number of templates that are written. */
        private int done;

        Run(String tenant, List<Template> templates, String by, Instant now) {
            this.tenant = tenant;
            this.templates = templates;
            this.by = by;
            this.now = now;
            this.outcomes = new ArrayList<>(Collections.nCopies(templates.size(), new PutOutcome.Pending()));
        }

        List<PutOutcome> dryRun() {
            decide();
            return outcomes;
        }

        /** @return null if another request changed the state before a transaction */
        @Nullable
        List<PutOutcome> attempt() {
            List<DynamoDbTemplateTransaction> planned = decide();
            boolean isRejected = outcomes.stream().anyMatch(outcome -> !(outcome instanceof PutOutcome.Placed));
            if (!isRejected && !isWritten(planned)) {
                return null;
            }
            for (int i = done; i < outcomes.size(); i++) {
                boolean isPlanned =
                        outcomes.get(i) instanceof PutOutcome.Created || outcomes.get(i) instanceof PutOutcome.Replaced;
                if (isPlanned) {
                    outcomes.set(i, new PutOutcome.Pending());
                }
            }
            return outcomes;
        }

        /** Decides the outcomes of the remaining templates, each in the state after the preceding ones. */
        private List<DynamoDbTemplateTransaction> decide() {
            DynamoDbTemplateState state = references.read(tenant, templates.subList(done, templates.size()));
            List<DynamoDbTemplateTransaction> planned = new ArrayList<>();
            for (int i = done; i < templates.size(); i++) {
                var change = new DynamoDbTemplateTransaction(table, tenant, DynamoDb.newWriteId());
                outcomes.set(i, place(state, change, templates.get(i)));
                planned.add(change);
            }
            return planned;
        }

        private PutOutcome place(
                DynamoDbTemplateState state, DynamoDbTemplateTransaction transaction, Template template) {
            @Nullable Map<String, AttributeValue> item = state.item(template.kind(), template.uniqueName());
            PutOutcome outcome;
            if (item == null) {
                outcome = changes.create(state, transaction, template, null, by, now);
            } else if (!template.uniqueName().equals(textOf(item, UNIQUE_NAME))) {
                outcome = new PutOutcome.NameTaken(textOf(item, UNIQUE_NAME));
            } else if (DynamoDbTemplateItems.holds(item, template)) {
                outcome = new PutOutcome.Unchanged(DynamoDbTemplateItems.stored(template.kind(), item));
            } else {
                outcome = changes.replace(state, transaction, template, Precondition.NONE, by, now);
            }
            if (outcome instanceof PutOutcome.Placed) {
                state.plan(template, item == null ? 0 : Attributes.numberOf(item, VERSION));
            }
            return outcome;
        }

        /**
         * Writes changes in order, as many as fit in each transaction, until the time is over.
         *
         * @return false if another request changed the state before a transaction; the preceding transactions are
         *     written
         */
        private boolean isWritten(List<DynamoDbTemplateTransaction> planned) {
            int written = 0;
            while (written < planned.size() && Deadline.left().compareTo(LAST_TRANSACTION) >= 0) {
                var transaction = new DynamoDbTemplateTransaction(table, tenant, DynamoDb.newWriteId());
                int next = written;
                while (next < planned.size() && transaction.join(planned.get(next))) {
                    next++;
                }
                if (!transaction.isEmpty()
                        && dynamoDb.write(transaction.writeId(), transaction.writes())
                                instanceof WriteOutcome.Rejected) {
                    return false;
                }
                done += next - written;
                written = next;
            }
            return true;
        }
    }
}
