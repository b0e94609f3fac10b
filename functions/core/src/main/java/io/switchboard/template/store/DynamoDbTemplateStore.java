package io.switchboard.template.store;

import static io.switchboard.template.store.DynamoDbTemplateItems.APP_PROFILE;
import static io.switchboard.template.store.DynamoDbTemplateItems.DEFAULT_APP_PROFILE;
import static io.switchboard.template.store.DynamoDbTemplateItems.KEY;
import static io.switchboard.template.store.DynamoDbTemplateItems.REFERENCES;
import static io.switchboard.template.store.DynamoDbTemplateItems.UNIQUE_NAME;
import static io.switchboard.template.store.DynamoDbTemplateItems.VERSION;
import static io.switchboard.template.store.DynamoDbTemplateItems.number;
import static io.switchboard.template.store.DynamoDbTemplateItems.text;
import static io.switchboard.template.store.DynamoDbTemplateItems.textOf;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.WriteLoop;
import io.switchboard.dynamodb.WriteOutcome;
import io.switchboard.runtime.Deadline;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.Keys;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import io.switchboard.template.AppProfile;
import io.switchboard.template.BuiltInTemplates;
import io.switchboard.template.Misfit;
import io.switchboard.template.SessionTemplate;
import io.switchboard.template.Stored;
import io.switchboard.template.Template;
import io.switchboard.template.TemplateKind;
import io.switchboard.template.UniqueName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Templates in the Templates table, whose items {@link DynamoDbTemplateItems} describes.
 *
 * <p>A template that others refer to counts them, within the transaction that makes or ends the reference; a delete demands a
 * count of zero. So of a delete and a racing new use exactly one wins, without a lock. Every write keeps its version in the
 * same transaction under a number that is used once, so that the versions have no hole and no number stands for two contents,
 * not even where a name is deleted and taken again. Thread-safe.
 */
public final class DynamoDbTemplateStore implements TemplateStore {
    /** How long a late retry of a create is recognised after the template was deleted. */
    static final Duration TOMBSTONE = Duration.ofHours(24);

    /** Kept back by an import, for its last transaction and the answer. */
    private static final Duration LAST_TRANSACTION = Duration.ofSeconds(2);

    /** How many items a filtered page looks at. */
    private static final int FILTERED_SCAN = 200;
    /** How many keys DynamoDB takes in one batch. */
    private static final int BATCH = 100;
    /** How many pages are looked through for a user's name where none of the named ones is left. */
    private static final int PAGES_FOR_A_NAME = 20;

    /** Behind a position, and in the range of one kind. */
    private static final String IN_RANGE = "#tenant = :tenant AND #key BETWEEN :from AND :to";

    /** Below and above every character of a key, all of which are ASCII and visible. */
    private static final String BELOW = " ";

    private static final String ABOVE = "\u007F";

    private final DynamoDb dynamoDb;
    private final String table;
    private final BuiltInTemplates builtIn;

    /**
     * A store in this table.
     *
     * @param builtIn what may be referred to without being stored
     */
    public DynamoDbTemplateStore(DynamoDb dynamoDb, String table, BuiltInTemplates builtIn) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.builtIn = builtIn;
    }

    @Override
    public PutOutcome create(String tenant, Template template, @Nullable IdempotencyKey key, String by, Instant now) {
        return put(tenant, template, (state, transaction) -> create(state, transaction, template, key, by, now));
    }

    @Override
    public PutOutcome replace(String tenant, Template template, Precondition precondition, String by, Instant now) {
        return put(
                tenant, template, (state, transaction) -> replace(state, transaction, template, precondition, by, now));
    }

    /** Tells what becomes of a wish in a state, and puts what has to be written into the transaction. */
    private interface Wish {
        PutOutcome judge(State state, DynamoDbTemplateTransaction transaction);
    }

    private PutOutcome put(String tenant, Template template, Wish wish) {
        String sortKey = DynamoDbTemplateItems.template(template.kind(), template.uniqueName());
        Map<String, PutOutcome> attempted = new HashMap<>();
        while (true) {
            State state = read(tenant, List.of(template));
            // An attempt that was given up may have arrived since.
            @Nullable PutOutcome arrived = attempted.get(state.writeId(sortKey));
            if (arrived != null) {
                return arrived;
            }
            DynamoDbTemplateTransaction transaction = new DynamoDbTemplateTransaction(dynamoDb, table, tenant);
            PutOutcome outcome = wish.judge(state, transaction);
            if (!isPlaced(outcome) || transaction.write() instanceof WriteOutcome.Written) {
                return outcome;
            }
            attempted.put(transaction.writeId(), outcome);
            // Somebody was faster: it is judged again on what they left.
            WriteLoop.requireTime("the template changed under every attempt");
        }
    }

    @Override
    public List<PutOutcome> putAll(String tenant, List<Template> templates, boolean isDryRun, String by, Instant now) {
        List<PutOutcome> outcomes = new ArrayList<>(Collections.nCopies(templates.size(), new PutOutcome.Pending()));
        int done = 0;
        while (done < templates.size()) {
            List<Template> left = templates.subList(done, templates.size());
            State state = read(tenant, left);
            List<DynamoDbTemplateTransaction> changes = new ArrayList<>();
            boolean isRefused = false;
            for (int i = 0; i < left.size(); i++) {
                DynamoDbTemplateTransaction change = new DynamoDbTemplateTransaction(dynamoDb, table, tenant);
                PutOutcome outcome = place(state, change, left.get(i), by, now);
                outcomes.set(done + i, outcome);
                changes.add(change);
                isRefused |= !isPlaced(outcome);
            }
            if (isDryRun) {
                return outcomes;
            }
            done += isRefused ? 0 : write(tenant, changes);
            if (isRefused || Deadline.left().compareTo(LAST_TRANSACTION) < 0) {
                break;
            }
        }
        for (int i = done; i < outcomes.size(); i++) {
            if (isPlaced(outcomes.get(i)) && !(outcomes.get(i) instanceof PutOutcome.Unchanged)) {
                outcomes.set(i, new PutOutcome.Pending());
            }
        }
        return outcomes;
    }

    /** Whether nothing stands in a template's way. */
    private static boolean isPlaced(PutOutcome outcome) {
        return outcome instanceof PutOutcome.Created
                || outcome instanceof PutOutcome.Replaced
                || outcome instanceof PutOutcome.Unchanged;
    }

    /**
     * Writes changes in their order, as many in one transaction as fit, until one is refused or time runs out.
     *
     * @return how many were written
     */
    private int write(String tenant, List<DynamoDbTemplateTransaction> changes) {
        int written = 0;
        while (written < changes.size() && Deadline.left().compareTo(LAST_TRANSACTION) >= 0) {
            DynamoDbTemplateTransaction transaction = new DynamoDbTemplateTransaction(dynamoDb, table, tenant);
            int next = written;
            while (next < changes.size() && transaction.join(changes.get(next))) {
                next++;
            }
            if (!transaction.isEmpty() && transaction.write() instanceof WriteOutcome.Refused) {
                WriteLoop.requireTime("the templates changed under every attempt");
                return written;
            }
            written = next;
        }
        return written;
    }

    /** Judged as an import wants it: created where it is not there, replaced where it differs. */
    private PutOutcome place(
            State state, DynamoDbTemplateTransaction transaction, Template template, String by, Instant now) {
        @Nullable Map<String, AttributeValue> item = state.item(template.kind(), template.uniqueName());
        PutOutcome outcome;
        if (item == null) {
            outcome = create(state, transaction, template, null, by, now);
        } else if (!template.uniqueName().equals(textOf(item, UNIQUE_NAME))) {
            outcome = new PutOutcome.NameTaken(textOf(item, UNIQUE_NAME));
        } else if (DynamoDbTemplateItems.holds(item, template)) {
            outcome = new PutOutcome.Unchanged(DynamoDbTemplateItems.stored(template.kind(), item));
        } else {
            outcome = replace(state, transaction, template, Precondition.NONE, by, now);
        }
        if (isPlaced(outcome)) {
            state.planned.put(
                    DynamoDbTemplateItems.template(template.kind(), template.uniqueName()),
                    new Planned(template, item == null ? 0 : DynamoDbTemplateItems.numberOf(item, VERSION)));
        }
        return outcome;
    }

    private PutOutcome create(
            State state,
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
        @Nullable
        Map<String, AttributeValue> remains = state.items.get(DynamoDbTemplateItems.deleted(kind, uniqueName));
        if (remains != null && key != null && isRemembered(remains, key, now)) {
            return DynamoDbTemplateItems.hasHash(remains, key.requestHash())
                    ? new PutOutcome.ReplayedDeleted()
                    : new PutOutcome.KeyReused();
        }
        long version = remains == null ? 1 : DynamoDbTemplateItems.numberOf(remains, VERSION) + 1;
        Stored<Template> stored = Stored.created(template, version, by, now);
        @Nullable PutOutcome refusal = refer(state, transaction, template, null);
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

    private static boolean isRemembered(Map<String, AttributeValue> remains, IdempotencyKey key, Instant now) {
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

    private PutOutcome replace(
            State state,
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
        boolean changesWhatItIs = changesWhatItIs(seen.template(), template);
        if (changesWhatItIs && DynamoDbTemplateItems.users(item).count() > 0) {
            return new PutOutcome.InUse(users(state.tenant, kind, uniqueName, item));
        }
        @Nullable PutOutcome refusal = refer(state, transaction, template, seen.template());
        if (refusal != null) {
            return refusal;
        }
        Stored<Template> next = seen.replacedBy(template, by, now);
        transaction.create(
                DynamoDbTemplateItems.version(kind, uniqueName, next.version()),
                DynamoDbTemplateItems.whole(next, transaction.writeId()));
        // By update, not put: the count of references is others' to write.
        DynamoDbTemplateTransaction.Part part = transaction
                .set(
                        DynamoDbTemplateItems.template(kind, uniqueName),
                        DynamoDbTemplateItems.content(next, transaction.writeId()))
                .onlyIf("#" + VERSION + " = :seen")
                .with("seen", number(seen.version()));
        if (changesWhatItIs) {
            part.onlyIf("attribute_not_exists(#" + REFERENCES + ") OR #" + REFERENCES + " = :zero")
                    .with("zero", number(0));
        }
        return new PutOutcome.Replaced(next);
    }

    /** App profiles rely on a session template's type and entity. */
    private static boolean changesWhatItIs(Template before, Template after) {
        return before instanceof SessionTemplate one
                && after instanceof SessionTemplate other
                && (one.type() != other.type() || !Objects.equals(one.entity(), other.entity()));
    }

    /**
     * Makes and ends references, and the claim to be the default.
     *
     * @param before what the template was; null for a new one
     * @return what stands in the way; null for nothing
     */
    private @Nullable PutOutcome refer(
            State state, DynamoDbTemplateTransaction transaction, Template template, @Nullable Template before) {
        @Nullable TemplateKind referred = template.kind().referred();
        if (referred != null) {
            Set<String> after = stored(referred, template.references());
            Set<String> left = before == null ? Set.of() : stored(referred, before.references());
            List<String> missing = new ArrayList<>();
            Map<String, SessionTemplate> sessionTemplates = new LinkedHashMap<>();
            for (String name : after) {
                @Nullable Planned found = state.find(referred, name);
                // What was referred to before is there: nobody could delete it.
                if (found == null && !left.contains(name)) {
                    missing.add(name);
                } else if (found != null && found.template instanceof SessionTemplate sessionTemplate) {
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
                List<Misfit> misfits = profile.misfits(sessionTemplates);
                if (!misfits.isEmpty()) {
                    return new PutOutcome.ReferencesUnfit(misfits);
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

    private void refer(
            State state,
            DynamoDbTemplateTransaction transaction,
            Template template,
            TemplateKind referred,
            Planned found) {
        String name = found.template.uniqueName();
        @Nullable Map<String, AttributeValue> item = state.item(referred, name);
        boolean isNamed =
                item == null || DynamoDbTemplateItems.users(item).named().size() < DynamoDbTemplateTransaction.NAMED;
        transaction.refer(
                DynamoDbTemplateItems.template(referred, name),
                name,
                isNamed ? template.uniqueName() : null,
                // A profile relies on what a session template is, a session template only on the tab template's being
                // there.
                template.kind() == TemplateKind.APP_PROFILE ? found.storedVersion : 0);
    }

    private void addShipped(Map<String, SessionTemplate> sessionTemplates, Set<String> names) {
        for (String name : names) {
            @Nullable Stored<Template> shipped = builtIn.find(TemplateKind.SESSION_TEMPLATE, name);
            if (shipped != null && shipped.template() instanceof SessionTemplate sessionTemplate) {
                sessionTemplates.put(name, sessionTemplate);
            }
        }
    }

    private static @Nullable PutOutcome claimDefault(
            State state, DynamoDbTemplateTransaction transaction, AppProfile profile, @Nullable Template before) {
        boolean was = before instanceof AppProfile earlier && earlier.isDefault();
        String name = profile.uniqueName();
        if (profile.isDefault() && !was) {
            @Nullable String other = state.defaultProfile();
            if (other != null) {
                return new PutOutcome.DefaultTaken(other);
            }
            state.planDefault(name);
            transaction
                    .put(DEFAULT_APP_PROFILE, defaultOf(name, transaction.writeId()))
                    .onlyIf("attribute_not_exists(#" + KEY + ")");
        } else if (was && !profile.isDefault()) {
            state.planDefault(null);
            transaction.delete(DEFAULT_APP_PROFILE);
        }
        return null;
    }

    private static Map<String, AttributeValue> defaultOf(String appProfile, String writeId) {
        return new HashMap<>(Map.of(UNIQUE_NAME, text(appProfile), DynamoDb.WRITE_ID, text(writeId)));
    }

    /** Those that have an item of their own: what is shipped is always there, and nobody counts its users. */
    private Set<String> stored(TemplateKind kind, Set<String> names) {
        Set<String> stored = new LinkedHashSet<>();
        for (String name : names) {
            if (builtIn.find(kind, name) == null) {
                stored.add(name);
            }
        }
        return stored;
    }

    @Override
    public DeleteOutcome delete(
            String tenant, TemplateKind kind, String uniqueName, Precondition precondition, Instant now) {
        String sortKey = DynamoDbTemplateItems.template(kind, uniqueName);
        String deletedKey = DynamoDbTemplateItems.deleted(kind, uniqueName);
        Set<String> attempted = new LinkedHashSet<>();
        while (true) {
            State state = new State(tenant, items(tenant, List.of(sortKey, deletedKey)));
            if (attempted.contains(state.writeId(deletedKey))) {
                return new DeleteOutcome.Deleted();
            }
            @Nullable Map<String, AttributeValue> item = state.items.get(sortKey);
            if (item == null || !uniqueName.equals(textOf(item, UNIQUE_NAME))) {
                return new DeleteOutcome.NotFound();
            }
            Stored<Template> seen = DynamoDbTemplateItems.stored(kind, item);
            if (!precondition.admits(seen.version())) {
                return new DeleteOutcome.VersionMismatch(seen.version());
            }
            if (DynamoDbTemplateItems.users(item).count() > 0) {
                return new DeleteOutcome.InUse(users(tenant, kind, uniqueName, item));
            }
            DynamoDbTemplateTransaction transaction = removal(tenant, seen, item, now);
            if (transaction.write() instanceof WriteOutcome.Written) {
                return new DeleteOutcome.Deleted();
            }
            attempted.add(transaction.writeId());
            WriteLoop.requireTime("the template changed under every attempt");
        }
    }

    private DynamoDbTemplateTransaction removal(
            String tenant, Stored<Template> seen, Map<String, AttributeValue> item, Instant now) {
        Template template = seen.template();
        DynamoDbTemplateTransaction transaction = new DynamoDbTemplateTransaction(dynamoDb, table, tenant);
        transaction
                .delete(DynamoDbTemplateItems.template(template.kind(), template.uniqueName()))
                .onlyIf("#" + VERSION + " = :seen")
                .onlyIf("attribute_not_exists(#" + REFERENCES + ") OR #" + REFERENCES + " = :zero")
                .with("seen", number(seen.version()))
                .with("zero", number(0));
        transaction.put(
                DynamoDbTemplateItems.deleted(template.kind(), template.uniqueName()),
                DynamoDbTemplateItems.remains(item, transaction.writeId(), now));
        @Nullable TemplateKind referred = template.kind().referred();
        if (referred != null) {
            for (String name : stored(referred, template.references())) {
                transaction.release(DynamoDbTemplateItems.template(referred, name), template.uniqueName());
            }
        }
        if (template instanceof AppProfile profile && profile.isDefault()) {
            transaction.delete(DEFAULT_APP_PROFILE);
        }
        return transaction;
    }

    /** Those that the item names; where all of these are gone, others are looked for. */
    private TemplateUsers users(String tenant, TemplateKind kind, String uniqueName, Map<String, AttributeValue> item) {
        TemplateUsers users = DynamoDbTemplateItems.users(item);
        if (!users.named().isEmpty()) {
            return users;
        }
        List<String> named = new ArrayList<>();
        if (kind == TemplateKind.APP_PROFILE) {
            for (ProfileAssignment assignment : assignments(
                            tenant, uniqueName, new PageRequest(null, DynamoDbTemplateTransaction.NAMED))
                    .items()) {
                named.add(assignment.userId());
            }
            return new TemplateUsers(named, users.count());
        }
        TemplateKind using =
                kind == TemplateKind.SESSION_TEMPLATE ? TemplateKind.APP_PROFILE : TemplateKind.SESSION_TEMPLATE;
        @Nullable String after = null;
        for (int i = 0; i < PAGES_FOR_A_NAME && named.isEmpty(); i++) {
            Page<Stored<Template>> page =
                    list(tenant, using, TemplateFilter.ALL, new PageRequest(after, BATCH), Instant.EPOCH);
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
        return new TemplateUsers(named, users.count());
    }

    @Override
    public Optional<Stored<Template>> read(String tenant, TemplateKind kind, String uniqueName, Instant now) {
        @Nullable
        Map<String, AttributeValue> item = dynamoDb.get(
                table, DynamoDbTemplateItems.key(tenant, DynamoDbTemplateItems.template(kind, uniqueName)));
        return Optional.ofNullable(stored(kind, uniqueName, item));
    }

    private static @Nullable Stored<Template> stored(
            TemplateKind kind, String uniqueName, @Nullable Map<String, AttributeValue> item) {
        return item == null || !uniqueName.equals(textOf(item, UNIQUE_NAME))
                ? null
                : DynamoDbTemplateItems.stored(kind, item);
    }

    @Override
    public List<Stored<Template>> readAll(
            String tenant, TemplateKind kind, Collection<String> uniqueNames, Instant now) {
        // DynamoDB refuses a batch that names an item twice, as names that differ only in case would.
        Set<String> sortKeys = new LinkedHashSet<>();
        for (String uniqueName : uniqueNames) {
            sortKeys.add(DynamoDbTemplateItems.template(kind, uniqueName));
        }
        List<Stored<Template>> found = new ArrayList<>();
        for (Map<String, AttributeValue> item : items(tenant, sortKeys).values()) {
            if (uniqueNames.contains(textOf(item, UNIQUE_NAME))) {
                found.add(DynamoDbTemplateItems.stored(kind, item));
            }
        }
        return found;
    }

    @Override
    public Page<Stored<Template>> list(
            String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now) {
        String prefix = DynamoDbTemplateItems.prefix(kind);
        var found = dynamoDb.query(
                table,
                IN_RANGE,
                range(tenant, prefix, page.after()),
                null,
                filter.isSelective() ? Math.max(FILTERED_SCAN, page.size()) : page.size());
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
        return new Page<>(templates, next(found.hasLastEvaluatedKey() ? found.lastEvaluatedKey() : null, prefix));
    }

    /**
     * The values of {@link #IN_RANGE}. With a start key instead, DynamoDB Local takes the longer for a page the more lies before it:
     * after 60,000 templates six times as long as for the first. DynamoDB itself seeks either way.
     *
     * @param after the position to begin behind
     */
    private static Map<String, AttributeValue> range(String tenant, String prefix, @Nullable String after) {
        String from = after == null || after.isEmpty() ? prefix : prefix + after + BELOW;
        String to = prefix + ABOVE;
        // A position that was not issued may lie behind the range: DynamoDB refuses a range that ends before it begins.
        String end = from.compareTo(to) > 0 ? from : to;
        return Map.of("tenant", text(Keys.join(tenant)), "from", text(from), "to", text(end));
    }

    private static @Nullable Map<String, AttributeValue> startKey(
            String tenant, String prefix, @Nullable String after) {
        return after == null || after.isEmpty() ? null : DynamoDbTemplateItems.key(tenant, prefix + after);
    }

    private static @Nullable String next(@Nullable Map<String, AttributeValue> last, String prefix) {
        return last == null ? null : textOf(last, KEY).substring(prefix.length());
    }

    @Override
    public Optional<Stored<Template>> version(String tenant, TemplateKind kind, String uniqueName, long version) {
        return Optional.ofNullable(dynamoDb.get(
                        table,
                        DynamoDbTemplateItems.key(tenant, DynamoDbTemplateItems.version(kind, uniqueName, version))))
                .map(item -> DynamoDbTemplateItems.stored(kind, item));
    }

    @Override
    public Page<Stored<Template>> versions(String tenant, TemplateKind kind, String uniqueName, PageRequest page) {
        String prefix = DynamoDbTemplateItems.versions(kind, uniqueName);
        var found = dynamoDb.queryBackwards(
                table,
                "#tenant = :tenant AND begins_with(#key, :prefix)",
                Map.of("tenant", text(Keys.join(tenant)), "prefix", text(prefix)),
                startKey(tenant, prefix, page.after()),
                page.size());
        List<Stored<Template>> versions = new ArrayList<>();
        for (Map<String, AttributeValue> item : found.items()) {
            versions.add(DynamoDbTemplateItems.stored(kind, item));
        }
        return new Page<>(versions, next(found.hasLastEvaluatedKey() ? found.lastEvaluatedKey() : null, prefix));
    }

    @Override
    public AssignOutcome assign(String tenant, String appProfile, String userId, String by, Instant now) {
        ProfileAssignment wanted = new ProfileAssignment(userId, appProfile, now, by);
        String userKey = DynamoDbTemplateItems.user(userId);
        String profileKey = DynamoDbTemplateItems.template(TemplateKind.APP_PROFILE, appProfile);
        Map<String, AssignOutcome> attempted = new HashMap<>();
        while (true) {
            State state = new State(tenant, items(tenant, List.of(userKey, profileKey)));
            @Nullable AssignOutcome arrived = attempted.get(state.writeId(userKey));
            if (arrived != null) {
                return arrived;
            }
            @Nullable Map<String, AttributeValue> profile = state.items.get(profileKey);
            if (profile == null || !appProfile.equals(textOf(profile, UNIQUE_NAME))) {
                return new AssignOutcome.ProfileNotFound();
            }
            @Nullable Map<String, AttributeValue> user = state.items.get(userKey);
            @Nullable ProfileAssignment before = user == null ? null : DynamoDbTemplateItems.assignment(user);
            if (before != null && before.appProfile().equals(appProfile)) {
                return new AssignOutcome.Moved(before);
            }
            AssignOutcome outcome =
                    before == null ? new AssignOutcome.Assigned(wanted) : new AssignOutcome.Moved(wanted);
            DynamoDbTemplateTransaction transaction = new DynamoDbTemplateTransaction(dynamoDb, table, tenant);
            transaction.refer(
                    profileKey,
                    appProfile,
                    DynamoDbTemplateItems.users(profile).named().size() < DynamoDbTemplateTransaction.NAMED
                            ? userId
                            : null,
                    0);
            Map<String, AttributeValue> item = DynamoDbTemplateItems.assignment(wanted, transaction.writeId());
            transaction.put(DynamoDbTemplateItems.users(appProfile) + Keys.join(userId), item);
            if (before == null) {
                transaction.create(userKey, item);
            } else {
                transaction
                        .put(userKey, item)
                        .onlyIf("#" + APP_PROFILE + " = :before")
                        .with("before", text(before.appProfile()));
                transaction.delete(DynamoDbTemplateItems.users(before.appProfile()) + Keys.join(userId));
                transaction.release(
                        DynamoDbTemplateItems.template(TemplateKind.APP_PROFILE, before.appProfile()), userId);
            }
            if (transaction.write() instanceof WriteOutcome.Written) {
                return outcome;
            }
            attempted.put(transaction.writeId(), outcome);
            WriteLoop.requireTime("the user's app profile changed under every attempt");
        }
    }

    @Override
    public boolean unassign(String tenant, String appProfile, String userId) {
        String userKey = DynamoDbTemplateItems.user(userId);
        @Nullable Map<String, AttributeValue> user = dynamoDb.get(table, DynamoDbTemplateItems.key(tenant, userKey));
        if (user == null || !appProfile.equals(textOf(user, APP_PROFILE))) {
            return false;
        }
        DynamoDbTemplateTransaction transaction = new DynamoDbTemplateTransaction(dynamoDb, table, tenant);
        transaction.delete(userKey).onlyIf("#" + APP_PROFILE + " = :before").with("before", text(appProfile));
        transaction.delete(DynamoDbTemplateItems.users(appProfile) + Keys.join(userId));
        transaction.release(DynamoDbTemplateItems.template(TemplateKind.APP_PROFILE, appProfile), userId);
        // Refused, it was taken from the user or exchanged by somebody faster: not this caller's doing.
        return transaction.write() instanceof WriteOutcome.Written;
    }

    @Override
    public Page<ProfileAssignment> assignments(String tenant, String appProfile, PageRequest page) {
        String prefix = DynamoDbTemplateItems.users(appProfile);
        var found = dynamoDb.query(table, IN_RANGE, range(tenant, prefix, page.after()), null, page.size());
        List<ProfileAssignment> assignments = new ArrayList<>();
        for (Map<String, AttributeValue> item : found.items()) {
            assignments.add(DynamoDbTemplateItems.assignment(item));
        }
        return new Page<>(assignments, next(found.hasLastEvaluatedKey() ? found.lastEvaluatedKey() : null, prefix));
    }

    @Override
    public SessionReading readForSession(String tenant, String userId, @Nullable String sessionTemplate) {
        String userKey = DynamoDbTemplateItems.user(userId);
        List<String> keys = new ArrayList<>(List.of(userKey));
        TemplateKind kind = TemplateKind.SESSION_TEMPLATE;
        if (sessionTemplate != null) {
            keys.add(DynamoDbTemplateItems.template(kind, sessionTemplate));
        }
        Map<String, Map<String, AttributeValue>> items = items(tenant, keys);
        @Nullable Map<String, AttributeValue> user = items.get(userKey);
        return new SessionReading(
                user == null ? null : DynamoDbTemplateItems.assignment(user),
                sessionTemplate == null ? null : stored(kind, sessionTemplate, items.get(keys.get(1))));
    }

    /** The state that these templates meet: themselves, what is left of earlier ones, and what they refer to. */
    private State read(String tenant, List<Template> templates) {
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
        return new State(tenant, items(tenant, keys));
    }

    /** Items by their sort keys, as far as they are there. */
    private Map<String, Map<String, AttributeValue>> items(String tenant, Collection<String> sortKeys) {
        Map<String, Map<String, AttributeValue>> items = new HashMap<>();
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        for (String sortKey : sortKeys) {
            keys.add(DynamoDbTemplateItems.key(tenant, sortKey));
        }
        for (int from = 0; from < keys.size(); from += BATCH) {
            for (Map<String, AttributeValue> item :
                    dynamoDb.getAll(table, keys.subList(from, Math.min(keys.size(), from + BATCH)))) {
                items.put(textOf(item, KEY), item);
            }
        }
        return items;
    }

    /** What was read of a tenant, and what an import has in mind on top of it. Not thread-safe. */
    private static final class State {
        private final String tenant;
        private final Map<String, Map<String, AttributeValue>> items;
        private final Map<String, Planned> planned = new HashMap<>();
        private boolean isDefaultPlanned;
        private @Nullable String plannedDefault;

        State(String tenant, Map<String, Map<String, AttributeValue>> items) {
            this.tenant = tenant;
            this.items = items;
        }

        @Nullable
        Map<String, AttributeValue> item(TemplateKind kind, String uniqueName) {
            return items.get(DynamoDbTemplateItems.template(kind, uniqueName));
        }

        /** Which write made an item what it is; empty where there is none. */
        String writeId(String sortKey) {
            @Nullable Map<String, AttributeValue> item = items.get(sortKey);
            return item == null ? "" : textOf(item, DynamoDb.WRITE_ID);
        }

        /** A template by its exact name: as it will be, else as it is. */
        @Nullable
        Planned find(TemplateKind kind, String uniqueName) {
            String sortKey = DynamoDbTemplateItems.template(kind, uniqueName);
            @Nullable Planned plan = planned.get(sortKey);
            if (plan != null) {
                return plan.template.uniqueName().equals(uniqueName) ? plan : null;
            }
            @Nullable Stored<Template> stored = stored(kind, uniqueName, items.get(sortKey));
            return stored == null ? null : new Planned(stored.template(), stored.version());
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
    }

    /** @param storedVersion the version that is stored; 0 where the template is yet to be stored */
    private record Planned(Template template, long storedVersion) {}
}
