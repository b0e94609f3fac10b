package io.switchboard.bench;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.Wiring;
import io.switchboard.embedded.EmbeddedDynamoDb;
import io.switchboard.embedded.EmbeddedDynamoDbException;
import io.switchboard.local.deployment.Deployment;
import io.switchboard.local.deployment.TemplateException;
import io.switchboard.presence.PresenceContent;
import io.switchboard.presence.UserPresence;
import io.switchboard.session.Owner;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbPresenceStore;
import io.switchboard.session.store.PresenceStore;
import io.switchboard.storage.PageRequest;
import io.switchboard.template.BasicState;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks that the presence of 100,000 users lists each user once, and that the last page is as fast as the first
 * ({@code docs/explanation/architecture.md}, "Budgets": at most 1.2 times, also compared with a tenant of a single
 * page). Uses DynamoDB Local and exits with 1 if a check fails.
 */
public final class PresencePagesBench {
    private static final String USAGE = "Options: --root <folder of the checkout> [--users <number>]";
    private static final int PAGE = 50;
    private static final int MOST = 1_000_000;
    private static final PresenceContent AVAILABLE = new PresenceContent(BasicState.AVAILABLE, "contoso_ready", null);

    private final Path root;
    private final int users;
    private final PrintStream out;

    PresencePagesBench(Path root, int users, PrintStream out) {
        this.root = root;
        this.users = users;
        this.out = out;
    }

    /** Measures and prints. Exits with 1 if a user is missing or duplicated, or a page is too slow. */
    public static void main(String[] arguments) {
        boolean holds = false;
        try {
            holds = parse(arguments).run(Instant.parse("2026-12-01T10:00:00Z"));
        } catch (BenchException | EmbeddedDynamoDbException | TemplateException e) {
            System.err.println(e.getMessage());
        }
        System.exit(holds ? 0 : 1);
    }

    private static PresencePagesBench parse(String... arguments) {
        Path root = Path.of("").toAbsolutePath();
        int users = 100_000;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            switch (arguments[i]) {
                case "--root" -> root = Path.of(arguments[i + 1]).toAbsolutePath();
                case "--users" -> users = ListingOptions.number(arguments[i], arguments[i + 1], MOST);
                default -> throw new BenchException("Unknown option " + arguments[i] + ". " + USAGE);
            }
        }
        return new PresencePagesBench(root, users, System.out);
    }

    boolean run(Instant now) {
        Deployment deployment = Deployment.read(
                root.resolve("template.yaml"),
                Map.of("Issuer", "https://issuer.example", "Audience", "api://switchboard", "ReleaseId", "bench"));
        try (EmbeddedDynamoDb dynamoDb = EmbeddedDynamoDb.start()) {
            EmptyTables.create(deployment, dynamoDb.endpoint());
            PresenceStore store = new DynamoDbPresenceStore(
                    new DynamoDb(Wiring.client(EmptyTables.environment(Map.of(), dynamoDb.endpoint()))),
                    EmptyTables.named(deployment, "SESSIONS_TABLE"),
                    new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30)));
            fill(store, "large", users, now);
            fill(store, "small", PAGE, now);
            out.printf("%n%d users, pages of %d%n", users, PAGE);
            PageWalk<UserPresence> pages = new PageWalk<>(
                    after -> store.presences("large", null, null, new PageRequest(after, PAGE), now),
                    () -> store.presences("small", null, null, new PageRequest(null, PAGE), now),
                    out);
            pages.warm();
            Set<String> shown = new HashSet<>();
            int[] duplicates = new int[1];
            boolean isFast = pages.walk(user -> duplicates[0] += shown.add(user.userId()) ? 0 : 1);
            out.printf(Locale.ROOT, "%d of %d users listed, %d duplicates.%n", shown.size(), users, duplicates[0]);
            return isFast && shown.size() == users && duplicates[0] == 0;
        }
    }

    private void fill(PresenceStore store, String tenant, int count, Instant now) {
        long begin = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Owner owner = new Owner(tenant, String.format(Locale.ROOT, "%08d-7a0e-4c59-9b1e-2f1f7b0a4d11", i));
            store.setPresence(owner, AVAILABLE, Duration.ofHours(1), () -> {}, now);
        }
        out.printf(
                Locale.ROOT,
                "Stored the presence of %d users in %.1f s%n",
                count,
                PageWalk.milliseconds(begin) / 1_000);
    }
}
