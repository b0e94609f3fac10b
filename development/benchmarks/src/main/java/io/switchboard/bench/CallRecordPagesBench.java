package io.switchboard.bench;

import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallSession;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.callrecords.store.NewCallRecord;
import io.switchboard.callrecords.store.NewCallSession;
import io.switchboard.callrecords.store.RecordLimits;
import io.switchboard.callrecords.store.SessionKey;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.embedded.EmbeddedDynamoDbException;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.TemplateException;
import io.switchboard.storage.PageRequest;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a call record of 5,000 sessions lists each session once, and that the last page is as fast as the first
 * ({@code docs/explanation/architecture.md}, "Budgets": at most 1.2 times, also compared with a record of a single
 * page), with and without segments. Uses DynamoDB Local and exits with 1 if a check fails.
 */
public final class CallRecordPagesBench {
    private static final String USAGE = "Options: --root <folder of the checkout> [--sessions <number>]";
    private static final int PAGE = 60;
    private static final int LARGEST_PAGE = 4 * 1_048_576;
    private static final int MOST = 100_000;
    private static final String START = "2026-03-04T09:15:02.441";

    private final Path root;
    private final int sessions;
    private final PrintStream out;

    CallRecordPagesBench(Path root, int sessions, PrintStream out) {
        this.root = root;
        this.sessions = sessions;
        this.out = out;
    }

    /** Measures and prints. Exits with 1 if a session is missing or duplicated, or a page is too slow. */
    public static void main(String[] arguments) {
        boolean holds = false;
        try {
            holds = parse(arguments).run();
        } catch (BenchException | EmbeddedDynamoDbException | TemplateException e) {
            System.err.println(e.getMessage());
        }
        System.exit(holds ? 0 : 1);
    }

    private static CallRecordPagesBench parse(String... arguments) {
        Path root = Path.of("").toAbsolutePath();
        int sessions = 5_000;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--root" -> root = Path.of(arguments[i + 1]).toAbsolutePath();
                case "--sessions" -> sessions = ListingOptions.number(arguments[i], arguments[i + 1], MOST);
                default -> throw new BenchException("Unknown option " + arguments[i] + ". " + USAGE);
            }
        }
        return new CallRecordPagesBench(root, sessions, System.out);
    }

    boolean run() {
        Deployment deployment = Deployment.read(
                root.resolve("template.yaml"),
                Map.of("Issuer", "https://issuer.example", "Audience", "api://switchboard", "ReleaseId", "bench"));
        try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start()) {
            EmptyTables.create(deployment, dynamoDb.endpoint());
            DynamoDbCallRecordStore store = new DynamoDbCallRecordStore(
                    new DynamoDb(Wiring.client(EmptyTables.environment(Map.of(), dynamoDb.endpoint()))),
                    EmptyTables.named(deployment, "CALL_RECORDS_TABLE"),
                    new RecordLimits(Duration.ofDays(30), false));
            CallRecord large = fill(store, "large", sessions);
            CallRecord small = fill(store, "small", PAGE);
            boolean bare = walk(store, large, small, false);
            boolean deep = walk(store, large, small, true);
            return bare && deep;
        }
    }

    private boolean walk(DynamoDbCallRecordStore store, CallRecord large, CallRecord small, boolean withSegments) {
        out.printf(
                "%n%d sessions, pages of %d, %s%n",
                sessions, PAGE, withSegments ? "with segments" : "without segments");
        PageWalk<CallSession> pages = new PageWalk<>(
                after -> store.sessions(large, withSegments, new PageRequest(after, PAGE), LARGEST_PAGE),
                () -> store.sessions(small, withSegments, new PageRequest(null, PAGE), LARGEST_PAGE),
                out);
        pages.warm();
        Set<SessionKey> shown = new HashSet<>();
        int[] duplicates = new int[1];
        boolean isFast = pages.walk(session -> duplicates[0] += shown.add(session.key()) ? 0 : 1);
        out.printf(Locale.ROOT, "%d of %d sessions listed, %d duplicates.%n", shown.size(), sessions, duplicates[0]);
        return isFast && shown.size() == sessions && duplicates[0] == 0;
    }

    private CallRecord fill(DynamoDbCallRecordStore store, String id, int count) {
        long begin = System.nanoTime();
        CallRecordKey key = new CallRecordKey("bench", id);
        List<NewCallSession> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(session(String.format(Locale.ROOT, "%08d-7a0e-4c59-9b1e-2f1f7b0a4d11", i)));
        }
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", id);
        content.put("version", 1);
        content.put("type", "groupCall");
        content.put("modalities", List.of("audio"));
        content.put("startDateTime", START + "Z");
        content.put("endDateTime", START + "Z");
        store.put(new NewCallRecord(key, 1, content, all, null, null), Instant.now());
        out.printf(
                Locale.ROOT,
                "Stored %d sessions of one call record in %.1f s%n",
                count,
                PageWalk.milliseconds(begin) / 1_000);
        return store.read(key, Instant.now())
                .orElseThrow(() -> new BenchException("The stored call record was not found."));
    }

    private static NewCallSession session(String id) {
        Map<String, @Nullable Object> segment = new LinkedHashMap<>();
        segment.put("id", id);
        segment.put("startDateTime", START + "Z");
        segment.put("endDateTime", START + "Z");
        segment.put(
                "media",
                List.of(Map.of(
                        "label",
                        "main-audio",
                        "streams",
                        List.of(Map.of(
                                "streamId", id, "streamDirection", "callerToCallee", "averageJitter", "PT0.006S")))));
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("id", id);
        content.put("modalities", List.of("audio"));
        content.put("startDateTime", START + "Z");
        content.put("endDateTime", START + "Z");
        content.put("segments", List.of(segment));
        return new NewCallSession(new SessionKey(id, START, "-"), new GraphInstant(START), content, null);
    }
}
