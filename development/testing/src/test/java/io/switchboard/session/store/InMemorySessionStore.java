package io.switchboard.session.store;

import static java.util.Objects.requireNonNull;

import io.switchboard.session.Desk;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
import io.switchboard.session.SessionSummary;
import io.switchboard.session.Tab;
import io.switchboard.session.WrapUp;
import io.switchboard.storage.Page;
import io.switchboard.storage.PageRequest;
import io.switchboard.storage.Precondition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in memory, which {@link SessionStoreContract} tests. Thread-safe. */
public final class InMemorySessionStore implements SessionStore, WrapUpDeadlines {
    /** DynamoDB orders strings by their UTF-8 bytes. */
    private static final Comparator<String> BY_BYTES = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    private final SessionLimits limits;
    private final Map<Owner, OwnerSessions> byOwner = new HashMap<>();

    /** Creates an empty store. */
    public InMemorySessionStore(SessionLimits limits) {
        this.limits = limits;
    }

    /** Returns an independent copy of the store. */
    synchronized InMemorySessionStore copy() {
        InMemorySessionStore copy = new InMemorySessionStore(limits);
        byOwner.forEach((owner, owned) -> {
            OwnerSessions other = copy.owned(owner);
            other.stored.putAll(owned.stored);
            other.desk = owned.desk;
        });
        return copy;
    }

    @Override
    public synchronized CreateOutcome create(Owner owner, NewSession newSession, Instant now) {
        OwnerSessions owned = owned(owner);
        String id = newSession.session().id();
        Optional<CreateOutcome> replay = existing(owner, id, newSession.requestHash(), now);
        if (replay.isPresent()) {
            return replay.get();
        }
        if (!freeSlot(owned, now)) {
            return new CreateOutcome.LimitReached(limits.openSessions());
        }
        owned.stored.put(id, new StoredSession(newSession.session(), newSession.requestHash(), null));
        owned.takeSlot(id);
        if (newSession.isFocused()) {
            List<String> order = new ArrayList<>(owned.desk.focusOrder());
            order.add(id);
            owned.desk = new Desk(owned.desk.open(), order, owned.desk.version());
        }
        return new CreateOutcome.Created(new SessionOnDesk(newSession.session(), newSession.isFocused(), null));
    }

    @Override
    public synchronized Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now) {
        OwnerSessions owned = owned(scope.owner());
        return owned.live(id, now).filter(scope::sees).map(session -> onDesk(session, owned, now));
    }

    @Override
    public synchronized Optional<CreateOutcome> replay(Owner owner, String id, String requestHash, Instant now) {
        return existing(owner, id, requestHash, now);
    }

    private Optional<CreateOutcome> existing(Owner owner, String id, @Nullable String requestHash, Instant now) {
        OwnerSessions owned = owned(owner);
        @Nullable StoredSession stored = owned.stored.get(id);
        @Nullable Tombstone tombstone = owned.tombstone(id, now);
        if (stored == null || (tombstone == null && owned.live(id, now).isEmpty())) {
            return Optional.empty();
        }
        if (requestHash != null && !requestHash.equals(stored.requestHash)) {
            return Optional.of(new CreateOutcome.KeyReused());
        }
        return Optional.of(new CreateOutcome.Replayed(
                tombstone == null
                        ? onDesk(stored.session, owned, now)
                        : new SessionOnDesk(
                                tombstone.session,
                                false,
                                tombstone.session.times().lastModified())));
    }

    @Override
    public synchronized DeskView desk(Owner owner, Instant now) {
        OwnerSessions owned = owned(owner);
        List<SessionSummary> open = new ArrayList<>();
        String focused = Session.HOME;
        for (String id : owned.desk.open()) {
            @Nullable
            SessionOnDesk onDesk = owned.live(id, now)
                    .map(session -> onDesk(session, owned, now))
                    .orElse(null);
            if (onDesk != null && onDesk.isOpen()) {
                open.add(SessionSummary.of(onDesk.session()));
                focused = onDesk.isFocused() ? id : focused;
            }
        }
        open.sort(Comparator.comparing(SessionSummary::created).thenComparing(SessionSummary::id));
        return new DeskView(
                limits.openSessions(),
                open.size() - limits.uncounted(open, now),
                focused,
                owned.desk.version(),
                open,
                List.of());
    }

    @Override
    public synchronized Page<SessionOnDesk> list(
            SessionScope scope, SessionFilter filter, PageRequest page, Instant now) {
        OwnerSessions owned = owned(scope.owner());
        if (filter.isOfClosed()) {
            return history(owned, scope, filter, page, now);
        }
        List<SessionOnDesk> sessions = new ArrayList<>();
        var remaining = page.after() == null ? owned.stored : owned.stored.tailMap(page.after(), false);
        for (String id : remaining.keySet()) {
            @Nullable
            SessionOnDesk onDesk = owned.live(id, now)
                    .filter(scope::sees)
                    .map(session -> onDesk(session, owned, now))
                    .filter(filter::admits)
                    .orElse(null);
            if (onDesk == null) {
                continue;
            }
            if (sessions.size() == page.size()) {
                return new Page<>(sessions, sessions.getLast().session().id());
            }
            sessions.add(onDesk);
        }
        return new Page<>(sessions, null);
    }

    private Page<SessionOnDesk> history(
            OwnerSessions owned, SessionScope scope, SessionFilter filter, PageRequest page, Instant now) {
        @Nullable HistoryPosition start = page.after() == null ? null : HistoryPosition.parse(page.after());
        @Nullable
        String latest = start != null ? start.latest() : filter.oldestFirst() ? HistoryPosition.time(now) : null;
        TreeMap<String, SessionOnDesk> closed = new TreeMap<>(filter.oldestFirst() ? BY_BYTES : BY_BYTES.reversed());
        for (String id : owned.stored.keySet()) {
            owned.live(id, now)
                    .filter(scope::sees)
                    .map(session -> onDesk(session, owned, now))
                    .filter(filter::admits)
                    .filter(onDesk -> latest == null
                            || HistoryPosition.time(requireNonNull(onDesk.closedAt()))
                                            .compareTo(latest)
                                    <= 0)
                    .ifPresent(
                            onDesk -> closed.put(HistoryPosition.key(requireNonNull(onDesk.closedAt()), id), onDesk));
        }
        List<SessionOnDesk> sessions = new ArrayList<>();
        @Nullable String last = null;
        for (var one : (start == null ? closed : closed.tailMap(start.after(), false)).entrySet()) {
            if (sessions.size() == page.size()) {
                return new Page<>(sessions, new HistoryPosition(true, latest, requireNonNull(last)).toString());
            }
            sessions.add(one.getValue());
            last = one.getKey();
        }
        return new Page<>(sessions, null);
    }

    @Override
    public synchronized ChangeOutcome close(
            SessionScope scope, String id, Precondition precondition, Closing closing, Instant now) {
        OwnerSessions owned = owned(scope.owner());
        @Nullable Session session = owned.live(id, now).filter(scope::sees).orElse(null);
        if (session == null) {
            return new ChangeOutcome.NotFound();
        }
        if (!precondition.admits(session.version())) {
            return new ChangeOutcome.VersionMismatch(session.version());
        }
        WrapUp wrapUp = session.wrapUp();
        Closing.@Nullable Completion completion = closing.completion();
        @Nullable Instant endedAt = session.closedAt(now, limits.idle()).orElse(null);
        if (endedAt != null) {
            WrapUp ended = session.endedAt(endedAt).wrapUp();
            if (completion != null
                    && !(Objects.equals(completion.disposition(), ended.disposition())
                            && (completion.notes() == null || completion.notes().equals(ended.notes())))) {
                return new ChangeOutcome.AlreadyClosed();
            }
            return session.times().closed() != null
                    ? new ChangeOutcome.Done(onDesk(session, owned, now))
                    : closed(owned, session.closed(endedAt, now), now);
        }
        if (!session.presentation().canClose()) {
            return new ChangeOutcome.NotClosable();
        }
        boolean startsWrapUp = completion == null && wrapUp.rules() != null;
        if (!startsWrapUp && !closing.discards() && hasUnsavedTabs(session)) {
            return new ChangeOutcome.UnsavedChanges(session.tabs().unsaved());
        }
        if (startsWrapUp) {
            if (wrapUp.pending().isEmpty()) {
                owned.replace(session.next(now).wrappingUp(now));
            }
            return new ChangeOutcome.Done(onDesk(owned.live(id, now).orElseThrow(), owned, now));
        }
        if (completion == null) {
            return closed(owned, session.closed(now, now), now);
        }
        List<String> dispositions =
                wrapUp.rules() == null ? List.of() : wrapUp.rules().dispositions();
        @Nullable String disposition = completion.disposition();
        if (disposition == null && wrapUp.requiresDisposition()) {
            return new ChangeOutcome.DispositionRequired(dispositions);
        }
        if (disposition != null && !dispositions.contains(disposition)) {
            return new ChangeOutcome.DispositionNotAllowed(dispositions);
        }
        return closed(owned, session.completed(closing.by(), disposition, completion.notes(), now), now);
    }

    private static boolean hasUnsavedTabs(Session session) {
        for (Tab tab : session.tabs().open()) {
            if (tab.markers().unsavedChanges()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public synchronized void close(Owner owner, String id, Instant now) {
        OwnerSessions owned = owned(owner);
        owned.live(id, now)
                .filter(session -> session.times().closed() == null
                        && session.wrapUp().pending().isPresent())
                .ifPresent(session -> session.closedAt(now, limits.idle())
                        .ifPresent(endedAt -> closed(owned, session.closed(endedAt, now), now)));
    }

    private ChangeOutcome closed(OwnerSessions owned, Session closed, Instant now) {
        owned.replace(closed);
        removeFromDesk(owned, closed.id(), now);
        return new ChangeOutcome.Done(
                new SessionOnDesk(closed, false, closed.times().closed()));
    }

    @Override
    public synchronized ChangeOutcome change(
            SessionScope scope, String id, Precondition precondition, SessionChange change, Instant now) {
        OwnerSessions owned = owned(scope.owner());
        @Nullable Session session = owned.live(id, now).filter(scope::sees).orElse(null);
        @Nullable ChangeOutcome rejected = rejection(session, precondition, now);
        if (session == null || rejected != null) {
            return rejected == null ? new ChangeOutcome.NotFound() : rejected;
        }
        Session changed = change.apply(onDesk(session, owned, now));
        if (changed.equals(session)) {
            return new ChangeOutcome.Done(onDesk(session, owned, now));
        }
        changed = withActivity(session, changed, now);
        owned.replace(changed);
        return new ChangeOutcome.Done(onDesk(changed, owned, now));
    }

    /** Returns the outcome if an open session with this version does not exist; null if it does. */
    private @Nullable ChangeOutcome rejection(@Nullable Session session, Precondition precondition, Instant now) {
        if (session == null) {
            return new ChangeOutcome.NotFound();
        }
        if (!precondition.admits(session.version())) {
            return new ChangeOutcome.VersionMismatch(session.version());
        }
        return session.closedAt(now, limits.idle()).isPresent() ? new ChangeOutcome.AlreadyClosed() : null;
    }

    @Override
    public synchronized ChangeOutcome focus(SessionScope scope, String id, Precondition precondition, Instant now) {
        OwnerSessions owned = owned(scope.owner());
        @Nullable Session session = owned.live(id, now).filter(scope::sees).orElse(null);
        @Nullable ChangeOutcome rejected = rejection(session, precondition, now);
        if (session == null || rejected != null) {
            return rejected == null ? new ChangeOutcome.NotFound() : rejected;
        }
        Session focused = withActivity(session, session.focused(now), now);
        if (focused.version() != session.version() || limits.isStale(owned.ownActivity(id), now)) {
            owned.replace(focused);
        } else {
            owned.touch(focused);
        }
        if (!owned.desk.focused().equals(id)) {
            owned.turnFocusTo(id);
        }
        return new ChangeOutcome.Done(onDesk(focused, owned, now));
    }

    /** Returns the changed session. A change soon after the last stored activity is not stored as activity. */
    private Session withActivity(Session before, Session changed, Instant now) {
        Instant activity = before.times().lastActivity();
        return limits.isRecent(activity, now) ? changed.touched(activity) : changed;
    }

    @Override
    public synchronized void focusHome(Owner owner, Instant now) {
        OwnerSessions owned = owned(owner);
        if (!owned.desk.focused().equals(Session.HOME)) {
            owned.turnFocusTo(Session.HOME);
        }
    }

    @Override
    public synchronized ChangeOutcome reopen(SessionScope scope, String id, Precondition precondition, Instant now) {
        OwnerSessions owned = owned(scope.owner());
        @Nullable Session session = owned.live(id, now).filter(scope::sees).orElse(null);
        if (session == null) {
            return new ChangeOutcome.NotFound();
        }
        if (!precondition.admits(session.version())) {
            return new ChangeOutcome.VersionMismatch(session.version());
        }
        boolean isClosed = session.closedAt(now, limits.idle()).isPresent();
        boolean isPending = session.wrapUp().pending().isPresent();
        if (!isClosed && !isPending) {
            return new ChangeOutcome.Done(onDesk(session, owned, now));
        }
        boolean hasSlot = owned.desk.open().contains(id) && (!isPending || limits.wrapUpCounts());
        if (!hasSlot && !freeSlot(owned, id, now)) {
            return new ChangeOutcome.LimitReached(limits.openSessions());
        }
        Session reopened = session.reopened(now);
        owned.replace(reopened);
        owned.takeSlot(id);
        owned.desk = new Desk(owned.desk.open(), owned.desk.focusOrderWith(id), owned.desk.version());
        return new ChangeOutcome.Done(new SessionOnDesk(reopened, true, null));
    }

    @Override
    public synchronized ChangeOutcome delete(
            SessionScope scope, String id, Precondition precondition, boolean discards, Instant now) {
        OwnerSessions owned = owned(scope.owner());
        @Nullable Session session = owned.live(id, now).filter(scope::sees).orElse(null);
        if (session == null) {
            return new ChangeOutcome.NotFound();
        }
        if (!precondition.admits(session.version())) {
            return new ChangeOutcome.VersionMismatch(session.version());
        }
        @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
        if (closedAt == null && !session.presentation().canClose()) {
            return new ChangeOutcome.NotClosable();
        }
        if (closedAt == null && !discards && hasUnsavedTabs(session)) {
            return new ChangeOutcome.UnsavedChanges(session.tabs().unsaved());
        }
        if (closedAt == null && session.wrapUp().requiresDisposition()) {
            return new ChangeOutcome.DispositionRequired(
                    requireNonNull(session.wrapUp().rules()).dispositions());
        }
        Session emptied = session.emptied(closedAt == null ? now : closedAt, now);
        owned.leaveTombstone(id, new Tombstone(emptied, null, now));
        if (owned.desk.open().contains(id)) {
            removeFromDesk(owned, id, now);
        }
        return new ChangeOutcome.Done(
                new SessionOnDesk(emptied, false, emptied.times().closed()));
    }

    @Override
    public synchronized ChangeOutcome handOver(
            SessionScope scope, String id, String user, boolean mayBeUnknown, Precondition precondition, Instant now) {
        OwnerSessions owned = owned(scope.owner());
        OwnerSessions target = owned(new Owner(scope.owner().tenant(), user));
        @Nullable StoredSession stored = owned.stored.get(id);
        @Nullable Tombstone tombstone = owned.tombstone(id, now);
        if (tombstone != null && user.equals(tombstone.handedOverTo) && scope.sees(tombstone.session)) {
            return new ChangeOutcome.HandedOver(new SessionOnDesk(tombstone.session, false, null), true);
        }
        @Nullable Session session = owned.live(id, now).filter(scope::sees).orElse(null);
        @Nullable ChangeOutcome rejected = rejection(session, precondition, now);
        if (session == null || stored == null || rejected != null) {
            return rejected == null ? new ChangeOutcome.NotFound() : rejected;
        }
        boolean isUserKnown = target.desk.version() > 0;
        if (!isUserKnown && !mayBeUnknown) {
            return new ChangeOutcome.UnknownUser();
        }
        if (!freeSlot(target, now)) {
            return new ChangeOutcome.LimitReached(limits.openSessions());
        }
        @Nullable Tombstone left = target.tombstone(id, now);
        if (target.live(id, now).isPresent() || (left != null && left.handedOverTo == null)) {
            return new ChangeOutcome.IdTaken();
        }
        Session moved = session.focusRequested(now);
        owned.leaveTombstone(id, new Tombstone(moved, user, now));
        removeFromDesk(owned, id, now);
        target.stored.put(id, new StoredSession(moved, stored.requestHash, null));
        target.takeSlot(id);
        return new ChangeOutcome.HandedOver(new SessionOnDesk(moved, false, null), isUserKnown);
    }

    /** Removes a session from the desk. If it was focused, the previously focused open session gets the focus. */
    private void removeFromDesk(OwnerSessions owned, String id, Instant now) {
        boolean wasFocused = owned.desk.focused().equals(id);
        List<String> order = owned.desk.focusOrderWithout(id);
        if (wasFocused) {
            order.removeIf(other -> !other.equals(Session.HOME) && !isOpen(owned, other, now));
        }
        Set<String> open = new HashSet<>(owned.desk.open());
        open.remove(id);
        owned.desk = new Desk(open, order, owned.desk.version() + 1);
    }

    /** Returns whether a session with a slot is still open. */
    private boolean isOpen(OwnerSessions owned, String id, Instant now) {
        return owned.live(id, now)
                .filter(session -> session.closedAt(now, limits.idle()).isEmpty())
                .isPresent();
    }

    /**
     * Returns whether the desk has a free slot. A full desk frees the slots of idle sessions first, without a new
     * version.
     */
    private boolean freeSlot(OwnerSessions owned, Instant now) {
        return freeSlot(owned, "", now);
    }

    /** Returns whether the desk has a free slot besides this session's. */
    private boolean freeSlot(OwnerSessions owned, String except, Instant now) {
        Set<String> idle = new HashSet<>(owned.desk.open());
        idle.removeIf(other -> isOpen(owned, other, now));
        idle.remove(except);
        Set<String> left = new HashSet<>(owned.desk.open());
        left.remove(except);
        if (left.size() - uncounted(owned, left, now) < limits.openSessions()) {
            return true;
        }
        left.removeAll(idle);
        if (left.size() - uncounted(owned, left, now) >= limits.openSessions()) {
            return false;
        }
        Set<String> open = new HashSet<>(owned.desk.open());
        open.removeAll(idle);
        owned.desk = new Desk(open, owned.desk.focusOrderWithoutIdle(idle), owned.desk.version());
        for (String other : idle) {
            owned.live(other, now)
                    .flatMap(session ->
                            session.closedAt(now, limits.idle()).map(closedAt -> session.closed(closedAt, now)))
                    .ifPresent(owned::replace);
        }
        return true;
    }

    private int uncounted(OwnerSessions owned, Set<String> ids, Instant now) {
        List<SessionSummary> summaries = new ArrayList<>();
        for (String id : ids) {
            owned.live(id, now).map(SessionSummary::of).ifPresent(summaries::add);
        }
        return limits.uncounted(summaries, now);
    }

    private SessionOnDesk onDesk(Session session, OwnerSessions owned, Instant now) {
        @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
        return new SessionOnDesk(
                closedAt == null ? session : session.endedAt(closedAt),
                closedAt == null && owned.desk.focused().equals(session.id()),
                closedAt);
    }

    private OwnerSessions owned(Owner owner) {
        return byOwner.computeIfAbsent(owner, any -> new OwnerSessions(limits));
    }

    /** The sessions of one owner. */
    private static final class OwnerSessions {
        private final SessionLimits limits;
        private final TreeMap<String, StoredSession> stored = new TreeMap<>(BY_BYTES);
        private Desk desk = Desk.EMPTY;

        private OwnerSessions(SessionLimits limits) {
            this.limits = limits;
        }

        private Optional<Session> live(String id, Instant now) {
            return Optional.ofNullable(stored.get(id))
                    .filter(one -> one.tombstone == null)
                    .filter(one -> {
                        @Nullable Instant closed = one.session.times().closed();
                        Instant ended = closed == null
                                ? one.ownActivity.plus(limits.idle()).plus(limits.refresh())
                                : closed;
                        return ended.plus(limits.retention()).getEpochSecond() > now.getEpochSecond();
                    })
                    .map(StoredSession::session);
        }

        private Instant ownActivity(String id) {
            return requireNonNull(stored.get(id)).ownActivity;
        }

        /** Stores the activity with the desk only. */
        private void touch(Session session) {
            stored.computeIfPresent(
                    session.id(),
                    (id, before) -> new StoredSession(session, before.requestHash, null, before.ownActivity));
        }

        private @Nullable Tombstone tombstone(String id, Instant now) {
            @Nullable StoredSession one = stored.get(id);
            @Nullable Tombstone tombstone = one == null ? null : one.tombstone;
            return tombstone != null && tombstone.since.plus(REPLAY_WINDOW).getEpochSecond() > now.getEpochSecond()
                    ? tombstone
                    : null;
        }

        private void replace(Session session) {
            stored.computeIfPresent(session.id(), (id, before) -> new StoredSession(session, before.requestHash, null));
        }

        private void leaveTombstone(String id, Tombstone tombstone) {
            stored.computeIfPresent(
                    id, (any, before) -> new StoredSession(tombstone.session, before.requestHash, tombstone));
        }

        private void takeSlot(String id) {
            Set<String> open = new HashSet<>(desk.open());
            open.add(id);
            desk = new Desk(open, desk.focusOrder(), desk.version() + 1);
        }

        private void turnFocusTo(String id) {
            desk = new Desk(desk.open(), desk.focusOrderWith(id), desk.version() + 1);
        }
    }

    /**
     * A session.
     *
     * @param ownActivity the last activity that its own item has, which decides when it expires
     */
    private record StoredSession(
            Session session,
            @Nullable String requestHash,
            @Nullable Tombstone tombstone,
            Instant ownActivity) {
        private StoredSession(Session session, @Nullable String requestHash, @Nullable Tombstone tombstone) {
            this(session, requestHash, tombstone, session.times().lastActivity());
        }
    }

    private record Tombstone(Session session, @Nullable String handedOverTo, Instant since) {}
}
