package io.switchboard.session.store;

import static java.util.Objects.requireNonNull;

import io.switchboard.session.Desk;
import io.switchboard.session.DeskView;
import io.switchboard.session.Owner;
import io.switchboard.session.Session;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.SessionOnDesk;
import io.switchboard.session.SessionScope;
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
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store that keeps everything in memory and nothing longer; held to {@link SessionStoreContract}. Thread-safe. */
public final class InMemorySessionStore implements SessionStore {
    /** DynamoDB orders texts by their UTF-8 bytes. */
    private static final Comparator<String> BY_BYTES = (one, other) ->
            Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

    private final SessionLimits limits;
    private final Map<Owner, Drawer> drawers = new HashMap<>();

    /** An empty store. */
    public InMemorySessionStore(SessionLimits limits) {
        this.limits = limits;
    }

    /** Another store that holds the same now, and goes its own way from here. */
    synchronized InMemorySessionStore copy() {
        InMemorySessionStore copy = new InMemorySessionStore(limits);
        drawers.forEach((owner, drawer) -> {
            Drawer other = copy.drawer(owner);
            other.kept.putAll(drawer.kept);
            other.desk = drawer.desk;
        });
        return copy;
    }

    @Override
    public synchronized CreateOutcome create(Owner owner, NewSession wanted, Instant now) {
        Drawer drawer = drawer(owner);
        String id = wanted.session().id();
        Optional<CreateOutcome> replay = existing(owner, id, wanted.requestHash(), now);
        if (replay.isPresent()) {
            return replay.get();
        }
        if (!makeRoom(drawer, now)) {
            return new CreateOutcome.LimitReached(limits.openSessions());
        }
        drawer.kept.put(id, new Kept(wanted.session(), wanted.requestHash(), null));
        drawer.place(id);
        if (wanted.isFocused()) {
            List<String> order = new ArrayList<>(drawer.desk.focusOrder());
            order.add(id);
            drawer.desk = new Desk(drawer.desk.open(), order, drawer.desk.version());
        }
        return new CreateOutcome.Created(new SessionOnDesk(wanted.session(), wanted.isFocused(), null));
    }

    @Override
    public synchronized Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now) {
        Drawer drawer = drawer(scope.owner());
        return drawer.live(id, now).filter(scope::sees).map(session -> onDesk(session, drawer, now));
    }

    @Override
    public synchronized Optional<CreateOutcome> replay(Owner owner, String id, String requestHash, Instant now) {
        return existing(owner, id, requestHash, now);
    }

    private Optional<CreateOutcome> existing(Owner owner, String id, @Nullable String requestHash, Instant now) {
        Drawer drawer = drawer(owner);
        @Nullable Kept kept = drawer.kept.get(id);
        @Nullable Tombstone tombstone = drawer.tombstone(id, now);
        if (kept == null || (tombstone == null && drawer.live(id, now).isEmpty())) {
            return Optional.empty();
        }
        if (requestHash != null && !requestHash.equals(kept.requestHash)) {
            return Optional.of(new CreateOutcome.KeyReused());
        }
        return Optional.of(new CreateOutcome.Replayed(
                tombstone == null
                        ? onDesk(kept.session, drawer, now)
                        : new SessionOnDesk(
                                tombstone.session,
                                false,
                                tombstone.session.times().lastModified())));
    }

    @Override
    public synchronized DeskView desk(Owner owner, Instant now) {
        Drawer drawer = drawer(owner);
        List<SessionOnDesk> open = new ArrayList<>();
        String focused = Session.HOME;
        for (String id : drawer.desk.open()) {
            @Nullable
            SessionOnDesk onDesk = drawer.live(id, now)
                    .map(session -> onDesk(session, drawer, now))
                    .orElse(null);
            if (onDesk != null && onDesk.isOpen()) {
                open.add(onDesk);
                focused = onDesk.isFocused() ? id : focused;
            }
        }
        open.sort(Comparator.comparing(
                        (SessionOnDesk onDesk) -> onDesk.session().times().created())
                .thenComparing(onDesk -> onDesk.session().id()));
        return new DeskView(limits.openSessions(), focused, drawer.desk.version(), open);
    }

    @Override
    public synchronized Page<SessionOnDesk> list(
            SessionScope scope, SessionFilter filter, PageRequest page, Instant now) {
        Drawer drawer = drawer(scope.owner());
        if (filter.isOfClosed()) {
            return history(drawer, scope, filter, page, now);
        }
        List<SessionOnDesk> sessions = new ArrayList<>();
        var wanted = page.after() == null ? drawer.kept : drawer.kept.tailMap(page.after(), false);
        for (String id : wanted.keySet()) {
            @Nullable
            SessionOnDesk onDesk = drawer.live(id, now)
                    .filter(scope::sees)
                    .map(session -> onDesk(session, drawer, now))
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
            Drawer drawer, SessionScope scope, SessionFilter filter, PageRequest page, Instant now) {
        @Nullable HistoryPosition start = page.after() == null ? null : HistoryPosition.parse(page.after());
        @Nullable
        String latest = start != null ? start.latest() : filter.oldestFirst() ? HistoryPosition.time(now) : null;
        TreeMap<String, SessionOnDesk> closed = new TreeMap<>(filter.oldestFirst() ? BY_BYTES : BY_BYTES.reversed());
        for (String id : drawer.kept.keySet()) {
            drawer.live(id, now)
                    .filter(scope::sees)
                    .map(session -> onDesk(session, drawer, now))
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
    public synchronized ChangeOutcome close(SessionScope scope, String id, Precondition precondition, Instant now) {
        Drawer drawer = drawer(scope.owner());
        @Nullable Session session = drawer.live(id, now).filter(scope::sees).orElse(null);
        if (session == null) {
            return new ChangeOutcome.NotFound();
        }
        if (!precondition.admits(session.version())) {
            return new ChangeOutcome.VersionMismatch(session.version());
        }
        if (session.times().closed() != null) {
            return new ChangeOutcome.Done(onDesk(session, drawer, now));
        }
        @Nullable Instant idleSince = session.closedAt(now, limits.idle()).orElse(null);
        if (idleSince == null && !session.presentation().canClose()) {
            return new ChangeOutcome.NotClosable();
        }
        Session closed = session.closed(idleSince == null ? now : idleSince, now);
        drawer.replace(closed);
        leave(drawer, id, now);
        return new ChangeOutcome.Done(
                new SessionOnDesk(closed, false, closed.times().closed()));
    }

    @Override
    public synchronized ChangeOutcome change(
            SessionScope scope, String id, Precondition precondition, SessionChange change, Instant now) {
        Drawer drawer = drawer(scope.owner());
        @Nullable Session session = drawer.live(id, now).filter(scope::sees).orElse(null);
        @Nullable ChangeOutcome refused = refusal(session, precondition, now);
        if (session == null || refused != null) {
            return refused == null ? new ChangeOutcome.NotFound() : refused;
        }
        Session changed = change.apply(onDesk(session, drawer, now));
        drawer.replace(changed);
        return new ChangeOutcome.Done(onDesk(changed, drawer, now));
    }

    /** Why an open session of this version is not there; null where it is. */
    private @Nullable ChangeOutcome refusal(@Nullable Session session, Precondition precondition, Instant now) {
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
        Drawer drawer = drawer(scope.owner());
        @Nullable Session session = drawer.live(id, now).filter(scope::sees).orElse(null);
        @Nullable ChangeOutcome refused = refusal(session, precondition, now);
        if (session == null || refused != null) {
            return refused == null ? new ChangeOutcome.NotFound() : refused;
        }
        drawer.replace(session.focused(now));
        if (!drawer.desk.focused().equals(id)) {
            drawer.turnTo(id);
        }
        return new ChangeOutcome.Done(onDesk(session.focused(now), drawer, now));
    }

    @Override
    public synchronized void focusHome(Owner owner, Instant now) {
        Drawer drawer = drawer(owner);
        if (!drawer.desk.focused().equals(Session.HOME)) {
            drawer.turnTo(Session.HOME);
        }
    }

    @Override
    public synchronized ChangeOutcome reopen(SessionScope scope, String id, Precondition precondition, Instant now) {
        Drawer drawer = drawer(scope.owner());
        @Nullable Session session = drawer.live(id, now).filter(scope::sees).orElse(null);
        if (session == null) {
            return new ChangeOutcome.NotFound();
        }
        if (!precondition.admits(session.version())) {
            return new ChangeOutcome.VersionMismatch(session.version());
        }
        if (session.closedAt(now, limits.idle()).isEmpty()) {
            return new ChangeOutcome.Done(onDesk(session, drawer, now));
        }
        if (!drawer.desk.open().contains(id) && !makeRoom(drawer, now)) {
            return new ChangeOutcome.LimitReached(limits.openSessions());
        }
        Session reopened = session.reopened(now);
        drawer.replace(reopened);
        drawer.place(id);
        drawer.desk = new Desk(drawer.desk.open(), drawer.desk.focusOrderWith(id), drawer.desk.version());
        return new ChangeOutcome.Done(new SessionOnDesk(reopened, true, null));
    }

    @Override
    public synchronized ChangeOutcome delete(SessionScope scope, String id, Precondition precondition, Instant now) {
        Drawer drawer = drawer(scope.owner());
        @Nullable Session session = drawer.live(id, now).filter(scope::sees).orElse(null);
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
        Session emptied = session.emptied(closedAt == null ? now : closedAt, now);
        drawer.bury(id, new Tombstone(emptied, null, now));
        if (drawer.desk.open().contains(id)) {
            leave(drawer, id, now);
        }
        return new ChangeOutcome.Done(
                new SessionOnDesk(emptied, false, emptied.times().closed()));
    }

    @Override
    public synchronized ChangeOutcome handOver(
            SessionScope scope, String id, String user, boolean mayBeUnknown, Precondition precondition, Instant now) {
        Drawer drawer = drawer(scope.owner());
        Drawer target = drawer(new Owner(scope.owner().tenant(), user));
        @Nullable Kept kept = drawer.kept.get(id);
        @Nullable Tombstone tombstone = drawer.tombstone(id, now);
        if (tombstone != null && user.equals(tombstone.handedOverTo) && scope.sees(tombstone.session)) {
            return new ChangeOutcome.HandedOver(new SessionOnDesk(tombstone.session, false, null), true);
        }
        @Nullable Session session = drawer.live(id, now).filter(scope::sees).orElse(null);
        @Nullable ChangeOutcome refused = refusal(session, precondition, now);
        if (session == null || kept == null || refused != null) {
            return refused == null ? new ChangeOutcome.NotFound() : refused;
        }
        boolean isUserKnown = target.desk.version() > 0;
        if (!isUserKnown && !mayBeUnknown) {
            return new ChangeOutcome.UnknownUser();
        }
        if (!makeRoom(target, now)) {
            return new ChangeOutcome.LimitReached(limits.openSessions());
        }
        @Nullable Tombstone left = target.tombstone(id, now);
        if (target.live(id, now).isPresent() || (left != null && left.handedOverTo == null)) {
            return new ChangeOutcome.IdTaken();
        }
        Session moved = session.focusRequested(now);
        drawer.bury(id, new Tombstone(moved, user, now));
        leave(drawer, id, now);
        target.kept.put(id, new Kept(moved, kept.requestHash, null));
        target.place(id);
        return new ChangeOutcome.HandedOver(new SessionOnDesk(moved, false, null), isUserKnown);
    }

    /** Takes a session off the desk; where it was in focus, the open one focused before it comes forward. */
    private void leave(Drawer drawer, String id, Instant now) {
        boolean wasFocused = drawer.desk.focused().equals(id);
        List<String> order = drawer.desk.focusOrderWithout(id);
        if (wasFocused) {
            order.removeIf(other -> !other.equals(Session.HOME) && !isHeld(drawer, other, now));
        }
        Set<String> open = new HashSet<>(drawer.desk.open());
        open.remove(id);
        drawer.desk = new Desk(open, order, drawer.desk.version() + 1);
    }

    /** Whether a session that has a place is open still. */
    private boolean isHeld(Drawer drawer, String id, Instant now) {
        return drawer.live(id, now)
                .filter(session -> session.closedAt(now, limits.idle()).isEmpty())
                .isPresent();
    }

    /** Whether the desk has a place, after idle sessions gave theirs back where it was full. The desk's version stays. */
    private boolean makeRoom(Drawer drawer, Instant now) {
        if (drawer.desk.open().size() < limits.openSessions()) {
            return true;
        }
        Set<String> idle = new HashSet<>(drawer.desk.open());
        idle.removeIf(other -> isHeld(drawer, other, now));
        if (drawer.desk.open().size() - idle.size() >= limits.openSessions()) {
            return false;
        }
        Set<String> open = new HashSet<>(drawer.desk.open());
        open.removeAll(idle);
        drawer.desk = new Desk(open, drawer.desk.focusOrderWithoutIdle(idle), drawer.desk.version());
        for (String other : idle) {
            drawer.live(other, now)
                    .flatMap(session ->
                            session.closedAt(now, limits.idle()).map(closedAt -> session.closed(closedAt, now)))
                    .ifPresent(drawer::replace);
        }
        return true;
    }

    private SessionOnDesk onDesk(Session session, Drawer drawer, Instant now) {
        @Nullable Instant closedAt = session.closedAt(now, limits.idle()).orElse(null);
        return new SessionOnDesk(
                session, closedAt == null && drawer.desk.focused().equals(session.id()), closedAt);
    }

    private Drawer drawer(Owner owner) {
        return drawers.computeIfAbsent(owner, any -> new Drawer(limits));
    }

    /** What one owner has. */
    private static final class Drawer {
        private final SessionLimits limits;
        private final TreeMap<String, Kept> kept = new TreeMap<>(BY_BYTES);
        private Desk desk = Desk.EMPTY;

        private Drawer(SessionLimits limits) {
            this.limits = limits;
        }

        private Optional<Session> live(String id, Instant now) {
            return Optional.ofNullable(kept.get(id))
                    .filter(one -> one.tombstone == null)
                    .map(Kept::session)
                    .filter(session -> {
                        Instant ended = session.times().closed() == null
                                ? session.times().lastActivity().plus(limits.idle())
                                : session.times().closed();
                        return ended.plus(limits.retention()).getEpochSecond() > now.getEpochSecond();
                    });
        }

        private @Nullable Tombstone tombstone(String id, Instant now) {
            @Nullable Kept one = kept.get(id);
            @Nullable Tombstone tombstone = one == null ? null : one.tombstone;
            return tombstone != null && tombstone.since.plus(MEMORY).getEpochSecond() > now.getEpochSecond()
                    ? tombstone
                    : null;
        }

        private void replace(Session session) {
            kept.computeIfPresent(session.id(), (id, before) -> new Kept(session, before.requestHash, null));
        }

        private void bury(String id, Tombstone tombstone) {
            kept.computeIfPresent(id, (any, before) -> new Kept(tombstone.session, before.requestHash, tombstone));
        }

        private void place(String id) {
            Set<String> open = new HashSet<>(desk.open());
            open.add(id);
            desk = new Desk(open, desk.focusOrder(), desk.version() + 1);
        }

        private void turnTo(String id) {
            desk = new Desk(desk.open(), desk.focusOrderWith(id), desk.version() + 1);
        }
    }

    private record Kept(
            Session session,
            @Nullable String requestHash,
            @Nullable Tombstone tombstone) {}

    private record Tombstone(Session session, @Nullable String handedOverTo, Instant since) {}
}
