package io.switchboard.template;

import io.switchboard.http.Page;
import io.switchboard.http.PageRequest;
import io.switchboard.http.Precondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A store that keeps everything in memory and nothing longer; held to {@link TemplateStoreContract}. Thread-safe. */
public final class InMemoryTemplateStore implements TemplateStore {
    private static final Duration TOMBSTONE = Duration.ofHours(24);
    private static final int USERS_NAMED = 10;

    private final Set<String> shipped;
    private final Map<Drawer, NavigableMap<String, Kept>> drawers = new HashMap<>();

    /**
     * An empty store.
     *
     * @param shipped the application tab templates that may be referred to without being stored
     */
    public InMemoryTemplateStore(Set<String> shipped) {
        this.shipped = Set.copyOf(shipped);
    }

    @Override
    public synchronized PutOutcome create(
            String tenant, Template template, @Nullable IdempotencyKey key, String by, Instant now) {
        NavigableMap<String, Kept> drawer = drawer(tenant, template.kind());
        String nameKey = UniqueName.key(template.uniqueName());
        @Nullable Kept kept = drawer.get(nameKey);
        boolean isSameKey = kept != null
                && key != null
                && kept.key != null
                && kept.key.key().equals(key.key());
        if (kept != null && kept.deletedUntil != null && !(isSameKey && kept.deletedUntil.isAfter(now))) {
            kept = null;
        }
        if (kept != null) {
            String name = kept.stored.template().uniqueName();
            if (!isSameKey || key == null || kept.key == null || !name.equals(template.uniqueName())) {
                return new PutOutcome.NameTaken(name);
            }
            if (!kept.key.requestHash().equals(key.requestHash())) {
                return new PutOutcome.KeyReused();
            }
            return kept.deletedUntil == null ? new PutOutcome.Replayed(kept.stored) : new PutOutcome.ReplayedDeleted();
        }
        List<String> missing = missing(tenant, template.applicationTabTemplates());
        if (!missing.isEmpty()) {
            return new PutOutcome.ReferencesMissing(missing);
        }
        Stored<Template> stored = Stored.created(template, by, now);
        drawer.put(nameKey, new Kept(stored, key, null));
        return new PutOutcome.Created(stored);
    }

    @Override
    public synchronized PutOutcome replace(
            String tenant, Template template, Precondition precondition, String by, Instant now) {
        @Nullable Kept kept = live(tenant, template.kind(), template.uniqueName());
        if (kept == null) {
            return new PutOutcome.NotFound();
        }
        if (!precondition.admits(kept.stored.version())) {
            return new PutOutcome.VersionMismatch(kept.stored.version());
        }
        Set<String> added = new TreeSet<>(template.applicationTabTemplates());
        added.removeAll(kept.stored.template().applicationTabTemplates());
        List<String> missing = missing(tenant, added);
        if (!missing.isEmpty()) {
            return new PutOutcome.ReferencesMissing(missing);
        }
        Stored<Template> next = kept.stored.replacedBy(template, by, now);
        drawer(tenant, template.kind()).put(UniqueName.key(template.uniqueName()), new Kept(next, kept.key, null));
        return new PutOutcome.Replaced(next);
    }

    @Override
    public synchronized DeleteOutcome delete(
            String tenant, TemplateKind kind, String uniqueName, Precondition precondition, Instant now) {
        @Nullable Kept kept = live(tenant, kind, uniqueName);
        if (kept == null) {
            return new DeleteOutcome.NotFound();
        }
        if (!precondition.admits(kept.stored.version())) {
            return new DeleteOutcome.VersionMismatch(kept.stored.version());
        }
        List<String> users = users(tenant, kind, uniqueName);
        if (!users.isEmpty()) {
            return new DeleteOutcome.InUse(users);
        }
        if (kept.key == null) {
            drawer(tenant, kind).remove(UniqueName.key(uniqueName));
        } else {
            drawer(tenant, kind).put(UniqueName.key(uniqueName), new Kept(kept.stored, kept.key, now.plus(TOMBSTONE)));
        }
        return new DeleteOutcome.Deleted();
    }

    @Override
    public synchronized Optional<Stored<Template>> read(
            String tenant, TemplateKind kind, String uniqueName, Instant now) {
        return Optional.ofNullable(live(tenant, kind, uniqueName)).map(Kept::stored);
    }

    @Override
    public synchronized List<Stored<Template>> readAll(
            String tenant, TemplateKind kind, Collection<String> uniqueNames, Instant now) {
        List<Stored<Template>> found = new ArrayList<>();
        for (String uniqueName : Set.copyOf(uniqueNames)) {
            read(tenant, kind, uniqueName, now).ifPresent(found::add);
        }
        return found;
    }

    @Override
    public synchronized Page<Stored<Template>> list(
            String tenant, TemplateKind kind, TemplateFilter filter, PageRequest page, Instant now) {
        List<Stored<Template>> templates = new ArrayList<>();
        for (Kept kept : drawer(tenant, kind)
                .tailMap(page.after() == null ? "" : page.after(), false)
                .values()) {
            if (kept.deletedUntil != null || !filter.admits(kept.stored.template())) {
                continue;
            }
            if (templates.size() == page.size()) {
                return new Page<>(
                        templates, UniqueName.key(templates.getLast().template().uniqueName()));
            }
            templates.add(kept.stored);
        }
        return new Page<>(templates, null);
    }

    private List<String> missing(String tenant, Set<String> names) {
        List<String> missing = new ArrayList<>();
        for (String name : names) {
            if (!shipped.contains(name) && live(tenant, TemplateKind.APPLICATION_TAB_TEMPLATE, name) == null) {
                missing.add(name);
            }
        }
        return missing;
    }

    private List<String> users(String tenant, TemplateKind kind, String uniqueName) {
        List<String> users = new ArrayList<>();
        if (kind == TemplateKind.APPLICATION_TAB_TEMPLATE) {
            for (Kept kept : drawer(tenant, TemplateKind.SESSION_TEMPLATE).values()) {
                boolean uses = kept.deletedUntil == null
                        && kept.stored.template().applicationTabTemplates().contains(uniqueName);
                if (uses && users.size() < USERS_NAMED) {
                    users.add(kept.stored.template().uniqueName());
                }
            }
        }
        return users;
    }

    private @Nullable Kept live(String tenant, TemplateKind kind, String uniqueName) {
        @Nullable Kept kept = drawer(tenant, kind).get(UniqueName.key(uniqueName));
        return kept == null
                        || kept.deletedUntil != null
                        || !kept.stored.template().uniqueName().equals(uniqueName)
                ? null
                : kept;
    }

    private NavigableMap<String, Kept> drawer(String tenant, TemplateKind kind) {
        return drawers.computeIfAbsent(new Drawer(tenant, kind), any -> new TreeMap<>());
    }

    private record Drawer(String tenant, TemplateKind kind) {}

    /** @param deletedUntil until when a deleted template's create is recognised; null for one that is there */
    private record Kept(
            Stored<Template> stored,
            @Nullable IdempotencyKey key,
            @Nullable Instant deletedUntil) {}
}
