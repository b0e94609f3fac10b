package io.switchboard.session;

import io.switchboard.http.Page;
import io.switchboard.http.PageRequest;
import io.switchboard.http.Precondition;
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

    @Override
    public synchronized CreateOutcome create(Owner owner, NewSession wanted, Instant now) {
        Drawer drawer = drawer(owner);
        String id = wanted.session().id();
        Optional<CreateOutcome> replay = replay(owner, id, wanted.requestHash(), now);
        if (replay.isPresent()) {
            return replay.get();
        }
        Set<String> open = new HashSet<>(drawer.desk.open());
        List<String> order = new ArrayList<>(drawer.desk.focusOrder());
        if (open.size() >= limits.openSessions()) {
            Set<String> idle = new HashSet<>(open);
            idle.removeIf(
                    other -> drawer.live(other, now).filter(this::isOpen).isPresent() && !isIdle(drawer, other, now));
            if (open.size() - idle.size() >= limits.openSessions()) {
                return new CreateOutcome.LimitReached(limits.openSessions());
            }
            order = drawer.desk.focusOrderWithoutIdle(idle);
            open.removeAll(idle);
            for (String other : idle) {
                drawer.live(other, now)
                        .flatMap(session ->
                                session.closedAt(now, limits.idle()).map(closedAt -> session.closed(closedAt, now)))
                        .ifPresent(drawer::replace);
            }
        }
        open.add(id);
        if (wanted.isFocused()) {
            order.add(id);
        }
        drawer.kept.put(id, new Kept(wanted.session(), wanted.requestHash()));
        drawer.desk = new Desk(open, order, drawer.desk.version() + 1);
        return new CreateOutcome.Created(new SessionOnDesk(wanted.session(), wanted.isFocused(), null));
    }

    private boolean isOpen(Session session) {
        return session.closedDateTime() == null;
    }

    private boolean isIdle(Drawer drawer, String id, Instant now) {
        return drawer.live(id, now)
                .flatMap(session -> session.closedAt(now, limits.idle()))
                .isPresent();
    }

    @Override
    public synchronized Optional<SessionOnDesk> read(SessionScope scope, String id, Instant now) {
        Drawer drawer = drawer(scope.owner());
        return drawer.live(id, now).filter(scope::sees).map(session -> onDesk(session, drawer, now));
    }

    @Override
    public synchronized Optional<CreateOutcome> replay(Owner owner, String id, String requestHash, Instant now) {
        Drawer drawer = drawer(owner);
        @Nullable Kept kept = drawer.kept.get(id);
        return drawer.live(id, now)
                .map(session -> kept != null && kept.requestHash.equals(requestHash)
                        ? new CreateOutcome.Replayed(onDesk(session, drawer, now))
                        : new CreateOutcome.KeyReused());
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
        open.sort(
                Comparator.comparing((SessionOnDesk onDesk) -> onDesk.session().createdDateTime())
                        .thenComparing(onDesk -> onDesk.session().id()));
        return new DeskView(limits.openSessions(), focused, drawer.desk.version(), open);
    }

    @Override
    public synchronized Page<SessionOnDesk> list(
            SessionScope scope, SessionFilter filter, PageRequest page, Instant now) {
        Drawer drawer = drawer(scope.owner());
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

    @Override
    public synchronized CloseOutcome close(SessionScope scope, String id, Precondition precondition, Instant now) {
        Drawer drawer = drawer(scope.owner());
        @Nullable Session session = drawer.live(id, now).filter(scope::sees).orElse(null);
        if (session == null) {
            return new CloseOutcome.NotFound();
        }
        if (!precondition.admits(session.version())) {
            return new CloseOutcome.VersionMismatch(session.version());
        }
        if (session.closedDateTime() != null) {
            return new CloseOutcome.Closed(onDesk(session, drawer, now));
        }
        @Nullable Instant idleSince = session.closedAt(now, limits.idle()).orElse(null);
        if (idleSince == null && !session.canClose()) {
            return new CloseOutcome.NotClosable();
        }
        Session closed = session.closed(idleSince == null ? now : idleSince, now);
        List<String> order = drawer.desk.focusOrderWithout(id);
        if (drawer.desk.focused().equals(id)) {
            order.removeIf(other -> !other.equals(Session.HOME) && isIdle(drawer, other, now));
        }
        Set<String> open = new HashSet<>(drawer.desk.open());
        open.remove(id);
        drawer.replace(closed);
        drawer.desk = new Desk(open, order, drawer.desk.version() + 1);
        return new CloseOutcome.Closed(new SessionOnDesk(closed, false, closed.closedDateTime()));
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
            return Optional.ofNullable(kept.get(id)).map(Kept::session).filter(session -> {
                Instant ended = session.closedDateTime() == null
                        ? session.lastActivity().plus(limits.idle())
                        : session.closedDateTime();
                return ended.plus(limits.retention()).getEpochSecond() > now.getEpochSecond();
            });
        }

        private void replace(Session session) {
            kept.computeIfPresent(session.id(), (id, before) -> new Kept(session, before.requestHash));
        }
    }

    private record Kept(Session session, String requestHash) {}
}
