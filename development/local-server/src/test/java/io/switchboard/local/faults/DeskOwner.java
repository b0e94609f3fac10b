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
 * A user, and what the user's callers know of the desk: each create has a title of its own, by which its session is known however it
 * is met. What was acknowledged must be there, what was refused must not, what was answered 429 or 503 may. Thread-safe.
 */
final class DeskOwner {
    private static final int LIMIT = 10;
    private static final int REPEATS = 4;
    private static final String SESSIONS = "/sessions";

    private final FaultRun run;
    private final String token;
    private final String name;
    private final List<Create> creates = new ArrayList<>();
    private final Map<String, Create> byTitle = new HashMap<>();

    /** One wanted session, however often its request was sent. */
    private static final class Create {
        private final String title;
        private @Nullable String id;
        private boolean isAcknowledged;
        private boolean isAbsent;
        private boolean isClosed;
        private int closesSent;
        private boolean isUnderWay = true;
        private long answeredNanos;

        private Create(String title) {
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

    /** One thing a caller does, as a good client does it: it waits as it is told and tries again where that is safe. */
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

    private synchronized Create begin() {
        Create create = new Create(name + "-" + creates.size());
        creates.add(create);
        byTitle.put(create.title, create);
        return create;
    }

    private synchronized int mayBeOpenBesides(Create create) {
        return (int) creates.stream()
                .filter(other -> other != create && other.mayBeOpen())
                .count();
    }

    private synchronized int begun() {
        return creates.size();
    }

    private void create(SplittableRandom random) {
        Create create = begin();
        createOnce(create, body(random, create.title), true);
    }

    private void createWithKey(SplittableRandom random) {
        Create create = begin();
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

    /** @param isFirst whether nobody has sent this create before */
    private Reply createOnce(Create create, String body, boolean isFirst, String... headers) {
        int open = mayBeOpenBesides(create);
        int begun = begun();
        synchronized (this) {
            create.isUnderWay = true;
        }
        Reply reply = run.send(token, "POST", SESSIONS, body, headers);
        synchronized (this) {
            create.isUnderWay = false;
            create.answeredNanos = System.nanoTime();
            if (reply.status() == 201) {
                boolean isReplay = reply.header("idempotency-replayed").equals("true");
                if (isFirst && isReplay) {
                    run.violated("A first create was told to be a replay: " + reply);
                }
                if (create.isAcknowledged && !isReplay) {
                    run.violated("A create was done twice: " + reply);
                }
                meet(reply.body());
                create.isAcknowledged = true;
            } else if (reply.isError(409, "sessionLimitReached")) {
                if (create.isAcknowledged || open + begun() - begun < LIMIT) {
                    run.violated(name + " has at most " + (open + begun() - begun) + " open sessions: " + reply);
                }
                // What an earlier attempt left to DynamoDB may still come.
                create.isAbsent = isFirst && reply.isPrompt();
            } else if (!reply.isUnavailable()) {
                run.violated("A create was answered " + reply);
            }
        }
        if (reply.isUnavailable()) {
            FaultRun.pause();
        }
        return reply;
    }

    /** A session somebody was shown: it must be one that was asked for, and always the same one. */
    private synchronized @Nullable Create meet(JsonNode session) {
        String id = session.path("sessionId").asText();
        @Nullable Create create = byTitle.get(session.path("title").asText());
        if (create == null) {
            run.violated(name + " has a session nobody asked for: " + session);
            return null;
        }
        if (create.id != null && !create.id.equals(id)) {
            run.violated(create.title + " was made twice: " + create.id + " and " + id);
        }
        if (create.isAbsent) {
            run.violated(create.title + " was refused, and is there: " + session);
        }
        create.id = id;
        return create;
    }

    private synchronized @Nullable Create someOpen(SplittableRandom random) {
        List<Create> open = creates.stream()
                .filter(create -> create.id != null && !create.isClosed)
                .toList();
        return open.isEmpty() ? null : open.get(random.nextInt(open.size()));
    }

    private void close(SplittableRandom random) {
        @Nullable Create create = someOpen(random);
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
                        run.violated("A close was answered " + reply);
                    }
                    create.isClosed = true;
                } else if (reply.status() == 412) {
                    if (create.closesSent < 2 || headers.length == 0) {
                        run.violated("Nobody else has closed " + create.title + ": " + reply);
                    }
                    create.isClosed = true;
                } else {
                    run.violated("A close of " + create.title + " was answered " + reply);
                }
            }
            return;
        }
    }

    private void read(SplittableRandom random) {
        @Nullable Create create = someOpen(random);
        if (create == null) {
            return;
        }
        Reply reply = run.send(token, "GET", SESSIONS + "/" + create.id, "");
        if (reply.status() == 200) {
            judgeStatus(create, reply.body(), false);
        } else if (!reply.isUnavailable()) {
            run.violated(create.title + " is lost: " + reply);
        }
    }

    /** @param wasClosed whether its close had been acknowledged before it was read */
    private synchronized void judgeStatus(Create create, JsonNode session, boolean wasClosed) {
        meet(session);
        boolean isClosed = session.path("status").asText().equals("closed");
        if (isClosed && create.closesSent == 0) {
            run.violated("Nobody has closed " + session);
        }
        if (!isClosed && wasClosed) {
            run.violated("A closed session is open: " + session);
        }
        create.isClosed |= isClosed;
    }

    private synchronized Set<Create> those(Predicate<Create> which) {
        return new HashSet<>(creates.stream().filter(which).toList());
    }

    private void desk() {
        Set<Create> acknowledged = those(create -> create.isAcknowledged);
        Set<Create> closed = those(create -> create.isClosed);
        Reply reply = run.send(token, "GET", "/desk", "");
        if (reply.status() != 200) {
            return;
        }
        synchronized (this) {
            Set<Create> shown = new HashSet<>();
            for (JsonNode session : reply.body().path("sessions")) {
                @Nullable Create create = session.path("isDefault").asBoolean() ? null : meet(session);
                if (create != null && !shown.add(create)) {
                    run.violated("The desk shows a session twice: " + reply);
                }
            }
            if (shown.size() > LIMIT || reply.body().path("openSessions").asInt() != shown.size()) {
                run.violated("The desk is overfull or miscounts: " + reply);
            }
            for (Create create : shown) {
                if (closed.contains(create)) {
                    run.violated("The desk shows " + create.title + ", which is closed: " + reply);
                }
            }
            for (Create create : acknowledged) {
                if (create.closesSent == 0 && !shown.contains(create)) {
                    run.violated("The desk lacks " + create.title + ": " + reply);
                }
            }
        }
    }

    private void list() {
        Set<Create> acknowledged = those(create -> create.isAcknowledged);
        Set<Create> closed = those(create -> create.isClosed);
        long begin = System.nanoTime();
        Set<Create> unsure = those(create -> !create.isAcknowledged
                && !create.isUnderWay
                && begin - create.answeredNanos > FaultRun.AFTERMATH.toNanos());
        @Nullable Set<Create> listed = listed(closed);
        if (listed == null) {
            return;
        }
        synchronized (this) {
            acknowledged.removeAll(listed);
            if (!acknowledged.isEmpty()) {
                run.violated(
                        "Lost: " + acknowledged.stream().map(each -> each.title).toList());
            }
            for (Create create : unsure) {
                if (create.id == null && !create.isUnderWay) {
                    create.isAbsent = true;
                }
            }
        }
    }

    /** All of the user's sessions; null where one of the pages could not be had. */
    private @Nullable Set<Create> listed(Set<Create> closed) {
        Set<Create> listed = new HashSet<>();
        String next = SESSIONS + "?$top=20";
        while (!next.isEmpty()) {
            Reply reply = run.send(token, "GET", next, "");
            if (reply.status() != 200) {
                return null;
            }
            for (JsonNode session : reply.body().path("value")) {
                @Nullable Create create = meet(session);
                if (create != null) {
                    if (!listed.add(create)) {
                        run.violated("Listed twice: " + session);
                    }
                    judgeStatus(create, session, closed.contains(create));
                }
            }
            next = reply.text("@odata.nextLink").replaceAll("^https?://[^/]+", "");
        }
        return listed;
    }

    /** When nothing fails any more: all that was acknowledged is there, once, the desk agrees, and its free places are really free. */
    void verify() {
        Set<Create> closed = those(create -> create.isClosed);
        @Nullable Set<Create> listed = listed(closed);
        if (listed == null) {
            run.violated("The sessions of " + name + " cannot be listed without faults");
            return;
        }
        for (Create create : creates) {
            if (create.isAcknowledged && !listed.contains(create)) {
                run.violated("Lost: " + create.title);
            }
        }
        Reply desk = run.send(token, "GET", "/desk", "");
        Set<Create> shown = new HashSet<>();
        for (JsonNode session : desk.body().path("sessions")) {
            @Nullable Create create = session.path("isDefault").asBoolean() ? null : meet(session);
            if (create != null) {
                shown.add(create);
            }
        }
        Set<Create> open = new HashSet<>(listed);
        open.removeIf(create -> create.isClosed);
        if (!shown.equals(open)) {
            run.violated("The desk of " + name + " and its sessions disagree: " + desk);
        }
        SplittableRandom any = new SplittableRandom(0);
        for (int free = LIMIT - open.size(); free > 0; free--) {
            Create create = begin();
            Reply reply = createOnce(create, body(any, create.title), true);
            if (reply.status() != 201) {
                run.violated("A free place cannot be taken: " + reply);
            }
        }
        Create last = begin();
        if (createOnce(last, body(any, last.title), true).status() != 409) {
            run.violated("More than " + LIMIT + " sessions of " + name + " are open");
        }
    }
}
