package io.switchboard.local.faults;

import com.fasterxml.jackson.databind.JsonNode;
import io.switchboard.local.faults.FaultRun.Reply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A user, and the user's callers' model of the desk. Each create has a unique title, which identifies its session. A
 * session must exist if its create was acknowledged, must not exist if it was rejected, and may exist if the response
 * was 429 or 503. Thread-safe.
 */
final class DeskOwner {
    private static final int LIMIT = 10;
    private static final int REPEATS = 4;
    private static final String SESSIONS = "/sessions";

    private final FaultRun run;
    private final String token;
    private final String name;
    private final List<RequestedSession> creates = new ArrayList<>();
    private final Map<String, RequestedSession> byTitle = new HashMap<>();

    /** One requested session, independent of the number of attempts. */
    private static final class RequestedSession {
        private final String title;
        private @Nullable String id;
        private boolean isAcknowledged;
        private boolean isAbsent;
        private boolean isClosed;
        private int closesSent;
        private boolean isUnderWay = true;
        private long respondedNanos;

        private RequestedSession(String title) {
            this.title = title;
        }

        private boolean mayBeOpen() {
            return !isAbsent && !isClosed;
        }
    }

    DeskOwner(FaultRun run, String tenant, String name) {
        this.run = run;
        this.name = name;
        this.token = run.token("tenant=" + tenant + "&user=" + name + "&scope=Sessions.ReadWrite");
    }

    /** Performs one action as a correct client does: it honours {@code Retry-After} and retries if that is safe. */
    void act(SplittableRandom random) {
        switch (random.nextInt(10)) {
            case 0, 1 -> create(random);
            case 2, 3, 4 -> createWithKey(random);
            case 5, 6 -> close(random);
            case 7 -> read(random);
            case 8 -> desk();
            default -> list();
        }
    }

    private static String body(SplittableRandom random, String title) {
        return "{\"templateName\":\"%s\",\"isFocused\":%b,\"templateParameters\":{\"customer\":\"%s\"}}"
                .formatted(
                        random.nextInt(3) == 0 ? "contoso_call" : "CallSessionTemplate", random.nextBoolean(), title);
    }

    private synchronized RequestedSession begin() {
        RequestedSession create = new RequestedSession(name + "-" + creates.size());
        creates.add(create);
        byTitle.put(create.title, create);
        return create;
    }

    private synchronized int mayBeOpenBesides(RequestedSession create) {
        return (int) creates.stream()
                .filter(other -> other != create && other.mayBeOpen())
                .count();
    }

    private synchronized int begun() {
        return creates.size();
    }

    private void create(SplittableRandom random) {
        RequestedSession create = begin();
        createOnce(create, body(random, create.title), true);
    }

    private void createWithKey(SplittableRandom random) {
        RequestedSession create = begin();
        String body = body(random, create.title);
        boolean isFirst = true;
        for (int attempt = 0; attempt < REPEATS; attempt++) {
            Reply reply = createOnce(create, body, isFirst, "Idempotency-Key", create.title);
            isFirst = false;
            if (!reply.isUnavailable()) {
                break;
            }
        }
        if (create.isAcknowledged && random.nextInt(4) == 0) {
            createOnce(create, body, false, "Idempotency-Key", create.title);
        }
    }

    /** @param isFirst whether this is the first attempt of this create */
    private Reply createOnce(RequestedSession create, String body, boolean isFirst, String... headers) {
        int open = mayBeOpenBesides(create);
        int begun = begun();
        synchronized (this) {
            create.isUnderWay = true;
        }
        Reply reply = run.send(token, "POST", SESSIONS, body, headers);
        synchronized (this) {
            create.isUnderWay = false;
            create.respondedNanos = System.nanoTime();
            if (reply.status() == 201) {
                boolean isReplay = reply.header("idempotency-replayed").equals("true");
                if (isFirst && isReplay) {
                    run.violated("A first create was reported as a replay: " + reply);
                }
                if (create.isAcknowledged && !isReplay) {
                    run.violated("A create was performed twice: " + reply);
                }
                checkReturned(reply.body());
                create.isAcknowledged = true;
            } else if (reply.isError(409, "sessionLimitReached")) {
                if (create.isAcknowledged || open + begun() - begun < LIMIT) {
                    run.violated(name + " has at most " + (open + begun() - begun) + " open sessions: " + reply);
                }
                // A DynamoDB request of an earlier attempt may still take effect.
                create.isAbsent = isFirst && reply.isPrompt();
            } else if (!reply.isUnavailable()) {
                run.violated("A create returned " + reply);
            }
        }
        if (reply.isUnavailable()) {
            FaultRun.pause();
        }
        return reply;
    }

    /** Checks a returned session: it must belong to a create, and always to the same one. */
    private synchronized @Nullable RequestedSession checkReturned(JsonNode session) {
        String id = session.path("sessionId").asText();
        @Nullable RequestedSession create = byTitle.get(session.path("title").asText());
        if (create == null) {
            run.violated(name + " has a session that was not requested: " + session);
            return null;
        }
        if (create.id != null && !create.id.equals(id)) {
            run.violated(create.title + " was created twice: " + create.id + " and " + id);
        }
        if (create.isAbsent) {
            run.violated(create.title + " was rejected, but exists: " + session);
        }
        create.id = id;
        return create;
    }

    private synchronized @Nullable RequestedSession randomOpenSession(SplittableRandom random) {
        List<RequestedSession> open = creates.stream()
                .filter(create -> create.id != null && !create.isClosed)
                .toList();
        return open.isEmpty() ? null : open.get(random.nextInt(open.size()));
    }

    private void close(SplittableRandom random) {
        @Nullable RequestedSession create = randomOpenSession(random);
        if (create == null) {
            return;
        }
        String[] headers = random.nextBoolean() ? new String[] {"If-Match", "W/\"1\""} : new String[0];
        for (int attempt = 0; attempt < REPEATS; attempt++) {
            synchronized (this) {
                create.closesSent++;
            }
            Reply reply = run.send(token, "POST", SESSIONS + "/" + create.id + "/close", "", headers);
            if (reply.isUnavailable()) {
                FaultRun.pause();
                continue;
            }
            synchronized (this) {
                if (reply.status() == 200) {
                    if (!reply.text("status").equals("closed")
                            || !reply.text("version").equals("2")) {
                        run.violated("A close returned " + reply);
                    }
                    create.isClosed = true;
                } else if (reply.status() == 412) {
                    if (create.closesSent < 2 || headers.length == 0) {
                        run.violated("No other caller has closed " + create.title + ": " + reply);
                    }
                    create.isClosed = true;
                } else {
                    run.violated("A close of " + create.title + " returned " + reply);
                }
            }
            return;
        }
    }

    private void read(SplittableRandom random) {
        @Nullable RequestedSession create = randomOpenSession(random);
        if (create == null) {
            return;
        }
        Reply reply = run.send(token, "GET", SESSIONS + "/" + create.id, "");
        if (reply.status() == 200) {
            checkStatus(create, reply.body(), false);
        } else if (!reply.isUnavailable()) {
            run.violated(create.title + " is lost: " + reply);
        }
    }

    /** @param wasClosed whether its close was acknowledged before the read */
    private synchronized void checkStatus(RequestedSession create, JsonNode session, boolean wasClosed) {
        checkReturned(session);
        boolean isClosed = session.path("status").asText().equals("closed");
        if (isClosed && create.closesSent == 0) {
            run.violated("No caller has closed " + session);
        }
        if (!isClosed && wasClosed) {
            run.violated("A closed session is open: " + session);
        }
        create.isClosed |= isClosed;
    }

    private synchronized Set<RequestedSession> those(Predicate<RequestedSession> which) {
        return new HashSet<>(creates.stream().filter(which).toList());
    }

    private void desk() {
        Set<RequestedSession> acknowledged = those(create -> create.isAcknowledged);
        Set<RequestedSession> closed = those(create -> create.isClosed);
        Reply reply = run.send(token, "GET", "/desk", "");
        if (reply.status() != 200) {
            return;
        }
        synchronized (this) {
            Set<RequestedSession> shown = new HashSet<>();
            for (JsonNode session : reply.body().path("sessions")) {
                @Nullable
                RequestedSession create = session.path("isDefault").asBoolean() ? null : checkReturned(session);
                if (create != null && !shown.add(create)) {
                    run.violated("The desk lists a session twice: " + reply);
                }
            }
            if (shown.size() > LIMIT || reply.body().path("openSessions").asInt() != shown.size()) {
                run.violated("The desk exceeds its limit or its count is wrong: " + reply);
            }
            for (RequestedSession create : shown) {
                if (closed.contains(create)) {
                    run.violated("The desk lists " + create.title + ", which is closed: " + reply);
                }
            }
            for (RequestedSession create : acknowledged) {
                if (create.closesSent == 0 && !shown.contains(create)) {
                    run.violated("The desk lacks " + create.title + ": " + reply);
                }
            }
        }
    }

    private void list() {
        Set<RequestedSession> acknowledged = those(create -> create.isAcknowledged);
        Set<RequestedSession> closed = those(create -> create.isClosed);
        long begin = System.nanoTime();
        Set<RequestedSession> unsure = those(create -> !create.isAcknowledged
                && !create.isUnderWay
                && begin - create.respondedNanos > FaultRun.AFTERMATH.toNanos());
        @Nullable Set<RequestedSession> listed = listed(closed);
        if (listed == null) {
            return;
        }
        synchronized (this) {
            acknowledged.removeAll(listed);
            if (!acknowledged.isEmpty()) {
                run.violated(
                        "Lost: " + acknowledged.stream().map(each -> each.title).toList());
            }
            for (RequestedSession create : unsure) {
                if (create.id == null && !create.isUnderWay) {
                    create.isAbsent = true;
                }
            }
        }
    }

    /** Returns all sessions of the user, or null if a page was unavailable. */
    private @Nullable Set<RequestedSession> listed(Set<RequestedSession> closed) {
        Set<RequestedSession> listed = new HashSet<>();
        String next = SESSIONS + "?$top=20";
        while (!next.isEmpty()) {
            Reply reply = run.send(token, "GET", next, "");
            if (reply.status() != 200) {
                return null;
            }
            for (JsonNode session : reply.body().path("value")) {
                @Nullable RequestedSession create = checkReturned(session);
                if (create != null) {
                    if (!listed.add(create)) {
                        run.violated("Listed twice: " + session);
                    }
                    checkStatus(create, session, closed.contains(create));
                }
            }
            next = reply.text("@odata.nextLink").replaceAll("^https?://[^/]+", "");
        }
        return listed;
    }

    /**
     * Checks the final state without faults: every acknowledged session exists once, the desk matches, and its free
     * slots are usable.
     */
    void verify() {
        Set<RequestedSession> closed = those(create -> create.isClosed);
        @Nullable Set<RequestedSession> listed = listed(closed);
        if (listed == null) {
            run.violated("The sessions of " + name + " cannot be listed without faults");
            return;
        }
        for (RequestedSession create : creates) {
            if (create.isAcknowledged && !listed.contains(create)) {
                run.violated("Lost: " + create.title);
            }
        }
        Reply desk = run.send(token, "GET", "/desk", "");
        Set<RequestedSession> shown = new HashSet<>();
        for (JsonNode session : desk.body().path("sessions")) {
            @Nullable RequestedSession create = session.path("isDefault").asBoolean() ? null : checkReturned(session);
            if (create != null) {
                shown.add(create);
            }
        }
        Set<RequestedSession> open = new HashSet<>(listed);
        open.removeIf(create -> create.isClosed);
        if (!shown.equals(open)) {
            run.violated("The desk of " + name + " and its sessions disagree: " + desk);
        }
        SplittableRandom any = new SplittableRandom(0);
        for (int free = LIMIT - open.size(); free > 0; free--) {
            RequestedSession create = begin();
            Reply reply = createOnce(create, body(any, create.title), true);
            if (reply.status() != 201) {
                run.violated("A free slot cannot be used: " + reply);
            }
        }
        RequestedSession last = begin();
        if (createOnce(last, body(any, last.title), true).status() != 409) {
            run.violated("More than " + LIMIT + " sessions of " + name + " are open");
        }
    }
}
