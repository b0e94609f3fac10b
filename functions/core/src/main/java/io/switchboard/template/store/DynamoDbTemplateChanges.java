package io.switchboard.template.store;

import static io.switchboard.dynamodb.Attributes.number;
import static io.switchboard.dynamodb.Attributes.textOf;
import static io.switchboard.template.store.DynamoDbTemplateItems.UNIQUE_NAME;
import static io.switchboard.template.store.DynamoDbTemplateItems.VERSION;

import io.switchboard.dynamodb.Attributes;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Precondition;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Decides the outcome of storing or deleting a template in a state, and adds its writes to a transaction. The same
 * transaction stores the version under a number that is used once. So the versions have no gaps, and a number never has
 * two contents, even if a name is deleted and used again. Thread-safe.
 */
final class DynamoDbTemplateChanges {
    /** How long a late retry of a create is recognised after the template was deleted. */
    static final Duration TOMBSTONE = Duration.ofHours(24);

    private final DynamoDbTemplateReferences references;

    DynamoDbTemplateChanges(DynamoDbTemplateReferences references) {
        this.references = references;
    }

    PutOutcome create(
            DynamoDbTemplateState state,
            DynamoDbTemplateTransaction transaction,
            Template template,
            @Nullable IdempotencyKey key,
            String by,
            Instant now) {
        TemplateKind kind = template.kind();
        String uniqueName = template.uniqueName();
        @Nullable Map<String, AttributeValue> item = state.item(kind, uniqueName);
        if (item != null) {
            return existing(item, template, key);
        }
        @Nullable Map<String, AttributeValue> remains = state.item(DynamoDbTemplateItems.deleted(kind, uniqueName));
        if (remains != null && key != null && isReplay(remains, key, now)) {
            return DynamoDbTemplateItems.hasHash(remains, key.requestHash())
                    ? new PutOutcome.ReplayedDeleted()
                    : new PutOutcome.KeyReused();
        }
        long version = remains == null ? 1 : Attributes.numberOf(remains, VERSION) + 1;
        Stored<Template> stored = Stored.created(template, version, by, now);
        PutOutcome.@Nullable Rejected refusal = references.refer(state, transaction, template, null);
        if (refusal != null) {
            return refusal;
        }
        Map<String, AttributeValue> whole = DynamoDbTemplateItems.whole(stored, transaction.writeId());
        transaction.create(DynamoDbTemplateItems.version(kind, uniqueName, version), whole);
        Map<String, AttributeValue> main = new HashMap<>(whole);
        DynamoDbTemplateItems.put(main, key);
        transaction.create(DynamoDbTemplateItems.template(kind, uniqueName), main);
        return new PutOutcome.Created(stored);
    }

    private static boolean isReplay(Map<String, AttributeValue> remains, IdempotencyKey key, Instant now) {
        return DynamoDbTemplateItems.hasKey(remains, key.key())
                && DynamoDbTemplateItems.deletedAt(remains).plus(TOMBSTONE).isAfter(now);
    }

    private static PutOutcome existing(
            Map<String, AttributeValue> item, Template template, @Nullable IdempotencyKey key) {
        if (key == null
                || !DynamoDbTemplateItems.hasKey(item, key.key())
                || !template.uniqueName().equals(textOf(item, UNIQUE_NAME))) {
            return new PutOutcome.NameTaken(textOf(item, UNIQUE_NAME));
        }
        return DynamoDbTemplateItems.hasHash(item, key.requestHash())
                ? new PutOutcome.Replayed(DynamoDbTemplateItems.stored(template.kind(), item))
                : new PutOutcome.KeyReused();
    }

    PutOutcome replace(
            DynamoDbTemplateState state,
            DynamoDbTemplateTransaction transaction,
            Template template,
            Precondition precondition,
            String by,
            Instant now) {
        TemplateKind kind = template.kind();
        String uniqueName = template.uniqueName();
        @Nullable Map<String, AttributeValue> item = state.item(kind, uniqueName);
        if (item == null || !uniqueName.equals(textOf(item, UNIQUE_NAME))) {
            return new PutOutcome.NotFound();
        }
        Stored<Template> seen = DynamoDbTemplateItems.stored(kind, item);
        if (!precondition.admits(seen.version())) {
            return new PutOutcome.VersionMismatch(seen.version());
        }
        boolean changesTypeOrEntity = changesTypeOrEntity(seen.template(), template);
        if (changesTypeOrEntity && DynamoDbTemplateItems.users(item).count() > 0) {
            return new PutOutcome.InUse(references.users(state.tenant(), kind, uniqueName, item));
        }
        PutOutcome.@Nullable Rejected refusal = references.refer(state, transaction, template, seen.template());
        if (refusal != null) {
            return refusal;
        }
        Stored<Template> next = seen.replacedBy(template, by, now);
        transaction.create(
                DynamoDbTemplateItems.version(kind, uniqueName, next.version()),
                DynamoDbTemplateItems.whole(next, transaction.writeId()));
        // An update instead of a put, because other requests write the count of references.
        DynamoDbTemplateTransaction.ItemChange part = transaction
                .set(
                        DynamoDbTemplateItems.template(kind, uniqueName),
                        DynamoDbTemplateItems.content(next, transaction.writeId()))
                .onlyIf("#" + VERSION + " = :seen")
                .with("seen", number(seen.version()));
        if (changesTypeOrEntity) {
            part.onlyIfUnused();
        }
        return new PutOutcome.Replaced(next);
    }

    /** Returns true if a session template changes its type or entity, on which app profiles rely. */
    private static boolean changesTypeOrEntity(Template before, Template after) {
        return before instanceof SessionTemplate one
                && after instanceof SessionTemplate other
                && (one.type() != other.type() || !Objects.equals(one.entity(), other.entity()));
    }

    DeleteOutcome delete(
            DynamoDbTemplateState state,
            DynamoDbTemplateTransaction transaction,
            TemplateKind kind,
            String uniqueName,
            Precondition precondition,
            Instant now) {
        @Nullable Map<String, AttributeValue> item = state.item(kind, uniqueName);
        if (item == null || !uniqueName.equals(textOf(item, UNIQUE_NAME))) {
            return new DeleteOutcome.NotFound();
        }
        Stored<Template> seen = DynamoDbTemplateItems.stored(kind, item);
        if (!precondition.admits(seen.version())) {
            return new DeleteOutcome.VersionMismatch(seen.version());
        }
        if (DynamoDbTemplateItems.users(item).count() > 0) {
            return new DeleteOutcome.InUse(references.users(state.tenant(), kind, uniqueName, item));
        }
        transaction
                .delete(DynamoDbTemplateItems.template(kind, uniqueName))
                .onlyIf("#" + VERSION + " = :seen")
                .with("seen", number(seen.version()))
                .onlyIfUnused();
        transaction.put(
                DynamoDbTemplateItems.deleted(kind, uniqueName),
                DynamoDbTemplateItems.remains(item, transaction.writeId(), now));
        references.release(transaction, seen.template());
        return new DeleteOutcome.Deleted();
    }
}
