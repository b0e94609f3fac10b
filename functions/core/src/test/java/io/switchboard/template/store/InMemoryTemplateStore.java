package io.switchboard.template.store;

import io.switchboard.json.Json;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store that keeps everything in memory and nothing longer; held to {@link TemplateStoreContract}. Thread-safe. */
public final class InMemoryTemplateStore implements TemplateStore {
    private static final Duration TOMBSTONE = Duration.ofHours(24);
    private static final int USERS_NAMED = 20;

    private final BuiltInTemplates builtIn;
    private final Map<Drawer, NavigableMap<String, Kept>> drawers = new HashMap<>();
    private final Map<Drawer, NavigableMap<String, List<Stored<Template>>>> versions = new HashMap<>();
    private final Map<String, NavigableMap<String, ProfileAssignment>> assignments = new HashMap<>();

    /**
     * An empty store.
     *
     * @param builtIn what may be referred to without being stored
     */
    public InMemoryTemplateStore(BuiltInTemplates builtIn) {
        this.builtIn = builtIn;
    }

    @Override
    public synchronized PutOutcome create(
            String tenant, Template template, @Nullable IdempotencyKey key, String by, Instant now) {
        String nameKey = UniqueName.key(template.uniqueName());
        @Nullable Kept kept = drawer(tenant, template.kind()).get(nameKey);
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
        @Nullable PutOutcome refusal = refusal(tenant, template, null);
        if (refusal != null) {
            return refusal;
        }
        int version = history(tenant, template.kind(), template.uniqueName()).size() + 1;
        Stored<Template> stored = Stored.created(template, version, by, now);
        keep(tenant, new Kept(stored, key, null));
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
        TemplateUsers users = users(tenant, template.kind(), template.uniqueName());
        if (template instanceof SessionTemplate next
                && kept.stored.template() instanceof SessionTemplate before
                && users.count() > 0
                && (next.type() != before.type()
                        || !String.valueOf(next.entity()).equals(String.valueOf(before.entity())))) {
            return new PutOutcome.InUse(users);
        }
        @Nullable PutOutcome refusal = refusal(tenant, template, kept.stored.template());
        if (refusal != null) {
            return refusal;
        }
        Stored<Template> next = kept.stored.replacedBy(template, by, now);
        keep(tenant, new Kept(next, kept.key, null));
        return new PutOutcome.Replaced(next);
    }

    private void keep(String tenant, Kept kept) {
        Template template = kept.stored.template();
        drawer(tenant, template.kind()).put(UniqueName.key(template.uniqueName()), kept);
        history(tenant, template.kind(), template.uniqueName()).add(kept.stored);
    }

    private @Nullable PutOutcome refusal(String tenant, Template template, @Nullable Template before) {
        @Nullable TemplateKind referred = template.kind().referred();
        List<String> missing = new ArrayList<>();
        Map<String, SessionTemplate> sessionTemplates = new LinkedHashMap<>();
        for (String name : template.references()) {
            if (referred == null) {
                break;
            }
            @Nullable Stored<Template> shipped = builtIn.find(referred, name);
            @Nullable Kept kept = live(tenant, referred, name);
            if (shipped == null
                    && kept == null
                    && (before == null || !before.references().contains(name))) {
                missing.add(name);
            } else if ((shipped == null && kept != null
                            ? kept.stored.template()
                            : shipped == null ? null : shipped.template())
                    instanceof SessionTemplate sessionTemplate) {
                sessionTemplates.put(name, sessionTemplate);
            }
        }
        if (!missing.isEmpty()) {
            return new PutOutcome.ReferencesMissing(missing);
        }
        if (template instanceof AppProfile profile) {
            List<Misfit> misfits = profile.misfits(sessionTemplates);
            if (!misfits.isEmpty()) {
                return new PutOutcome.ReferencesUnfit(misfits);
            }
            boolean was = before instanceof AppProfile earlier && earlier.isDefault();
            for (Kept kept : drawer(tenant, TemplateKind.APP_PROFILE).values()) {
                if (profile.isDefault()
                        && !was
                        && kept.deletedUntil == null
                        && kept.stored.template() instanceof AppProfile other
                        && other.isDefault()) {
                    return new PutOutcome.DefaultTaken(other.uniqueName());
                }
            }
        }
        return null;
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
        TemplateUsers users = users(tenant, kind, uniqueName);
        if (users.count() > 0) {
            return new DeleteOutcome.InUse(users);
        }
        drawer(tenant, kind).put(UniqueName.key(uniqueName), new Kept(kept.stored, kept.key, now.plus(TOMBSTONE)));
        return new DeleteOutcome.Deleted();
    }

    /** All of them at once: the whole store is one transaction. */
    @Override
    public synchronized List<PutOutcome> putAll(
            String tenant, List<Template> templates, boolean isDryRun, String by, Instant now) {
        Map<Drawer, NavigableMap<String, Kept>> drawersBefore = new HashMap<>();
        drawers.forEach((drawer, kept) -> drawersBefore.put(drawer, new TreeMap<>(kept)));
        Map<Drawer, NavigableMap<String, List<Stored<Template>>>> versionsBefore = new HashMap<>();
        versions.forEach((drawer, histories) -> {
            NavigableMap<String, List<Stored<Template>>> copy = new TreeMap<>();
            histories.forEach((name, history) -> copy.put(name, new ArrayList<>(history)));
            versionsBefore.put(drawer, copy);
        });
        List<PutOutcome> outcomes = new ArrayList<>();
        boolean isRefused = false;
        for (Template template : templates) {
            @Nullable Kept there = drawer(tenant, template.kind()).get(UniqueName.key(template.uniqueName()));
            PutOutcome outcome;
            if (there == null || there.deletedUntil != null) {
                outcome = create(tenant, template, null, by, now);
            } else if (!there.stored.template().uniqueName().equals(template.uniqueName())) {
                outcome = new PutOutcome.NameTaken(there.stored.template().uniqueName());
            } else if (Json.write(there.stored.template().toJson()).equals(Json.write(template.toJson()))) {
                outcome = new PutOutcome.Unchanged(there.stored);
            } else {
                outcome = replace(tenant, template, Precondition.NONE, by, now);
            }
            isRefused |= !(outcome instanceof PutOutcome.Created
                    || outcome instanceof PutOutcome.Replaced
                    || outcome instanceof PutOutcome.Unchanged);
            outcomes.add(outcome);
        }
        if (isDryRun || isRefused) {
            drawers.clear();
            drawers.putAll(drawersBefore);
            versions.clear();
            versions.putAll(versionsBefore);
        }
        if (isRefused && !isDryRun) {
            outcomes.replaceAll(
                    outcome -> outcome instanceof PutOutcome.Created || outcome instanceof PutOutcome.Replaced
                            ? new PutOutcome.Pending()
                            : outcome);
        }
        return outcomes;
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

    @Override
    public synchronized Optional<Stored<Template>> version(
            String tenant, TemplateKind kind, String uniqueName, long version) {
        return history(tenant, kind, uniqueName).stream()
                .filter(stored -> stored.version() == version)
                .findFirst();
    }

    @Override
    public synchronized Page<Stored<Template>> versions(
            String tenant, TemplateKind kind, String uniqueName, PageRequest page) {
        List<Stored<Template>> newestFirst = history(tenant, kind, uniqueName).reversed();
        int from = 0;
        while (page.after() != null
                && from < newestFirst.size()
                && newestFirst.get(from).version() >= Long.parseLong(page.after())) {
            from++;
        }
        int to = Math.min(newestFirst.size(), from + page.size());
        return new Page<>(
                newestFirst.subList(from, to),
                to < newestFirst.size() ? Long.toString(newestFirst.get(to - 1).version()) : null);
    }

    @Override
    public synchronized AssignOutcome assign(String tenant, String appProfile, String userId, String by, Instant now) {
        if (live(tenant, TemplateKind.APP_PROFILE, appProfile) == null) {
            return new AssignOutcome.ProfileNotFound();
        }
        var users = assignments.computeIfAbsent(tenant, any -> new TreeMap<>());
        @Nullable ProfileAssignment before = users.get(Keys.join(userId));
        if (before != null && before.appProfile().equals(appProfile)) {
            return new AssignOutcome.Moved(before);
        }
        ProfileAssignment assignment = new ProfileAssignment(userId, appProfile, now, by);
        users.put(Keys.join(userId), assignment);
        return before == null ? new AssignOutcome.Assigned(assignment) : new AssignOutcome.Moved(assignment);
    }

    @Override
    public synchronized boolean unassign(String tenant, String appProfile, String userId) {
        var users = assignments.computeIfAbsent(tenant, any -> new TreeMap<>());
        @Nullable ProfileAssignment before = users.get(Keys.join(userId));
        if (before == null || !before.appProfile().equals(appProfile)) {
            return false;
        }
        users.remove(Keys.join(userId));
        return true;
    }

    @Override
    public synchronized Page<ProfileAssignment> assignments(String tenant, String appProfile, PageRequest page) {
        List<ProfileAssignment> found = new ArrayList<>();
        var users = assignments.computeIfAbsent(tenant, any -> new TreeMap<>());
        for (ProfileAssignment assignment :
                users.tailMap(page.after() == null ? "" : page.after(), false).values()) {
            if (!assignment.appProfile().equals(appProfile)) {
                continue;
            }
            if (found.size() == page.size()) {
                return new Page<>(found, Keys.join(found.getLast().userId()));
            }
            found.add(assignment);
        }
        return new Page<>(found, null);
    }

    @Override
    public synchronized SessionReading readForSession(String tenant, String userId, @Nullable String sessionTemplate) {
        @Nullable
        Kept kept = sessionTemplate == null ? null : live(tenant, TemplateKind.SESSION_TEMPLATE, sessionTemplate);
        return new SessionReading(
                assignments.computeIfAbsent(tenant, any -> new TreeMap<>()).get(Keys.join(userId)),
                kept == null ? null : kept.stored);
    }

    private TemplateUsers users(String tenant, TemplateKind kind, String uniqueName) {
        List<String> users = new ArrayList<>();
        for (TemplateKind using : TemplateKind.values()) {
            for (Kept kept : using.referred() == kind ? drawer(tenant, using).values() : List.<Kept>of()) {
                if (kept.deletedUntil == null
                        && kept.stored.template().references().contains(uniqueName)) {
                    users.add(kept.stored.template().uniqueName());
                }
            }
        }
        if (kind == TemplateKind.APP_PROFILE) {
            for (ProfileAssignment assignment :
                    assignments.computeIfAbsent(tenant, any -> new TreeMap<>()).values()) {
                if (assignment.appProfile().equals(uniqueName)) {
                    users.add(assignment.userId());
                }
            }
        }
        return new TemplateUsers(users.subList(0, Math.min(users.size(), USERS_NAMED)), users.size());
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

    private List<Stored<Template>> history(String tenant, TemplateKind kind, String uniqueName) {
        return versions.computeIfAbsent(new Drawer(tenant, kind), any -> new TreeMap<>())
                .computeIfAbsent(UniqueName.key(uniqueName), any -> new ArrayList<>());
    }

    private record Drawer(String tenant, TemplateKind kind) {}

    /** @param deletedUntil until when a deleted template's create is recognised; null for one that is there */
    private record Kept(
            Stored<Template> stored,
            @Nullable IdempotencyKey key,
            @Nullable Instant deletedUntil) {}
}
