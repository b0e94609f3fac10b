package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.ItemSize;
import io.switchboard.dynamodb.UnitCounter;
import io.switchboard.http.ApiSettings;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbOfferStore;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.catalog.ApplicationTabTemplates;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.store.DynamoDbTemplateReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Measures the units of each operation on sessions like CIF's example, and compares them with the documentation. */
class SessionUnitsTest {
    private static final Path DOCUMENT = Path.of("../../docs/reference/units.md");
    private static final int KILOBYTE = 1_024;
    private static final Duration IDLE = Duration.ofHours(24);

    private final Tables tables = new Tables();
    private final UnitCounter counter = new UnitCounter(tables.client());
    private final DynamoDbSessionStore store = new DynamoDbSessionStore(
            new DynamoDb(counter),
            requireNonNull(tables.environment().get("SESSIONS_TABLE")),
            new SessionLimits(10, IDLE, Duration.ofDays(30)));
    private final DynamoDbTemplateReader templates = new DynamoDbTemplateReader(
            new DynamoDb(tables.client()), requireNonNull(tables.environment().get("TEMPLATES_TABLE")));
    private final TemplateAccess access = new TemplateAccess(templates, BuiltInTemplates.load(), Duration.ofMinutes(1));
    private Instant now = Instant.parse("2026-11-30T10:00:00.123456Z");
    private final CreateSession create = new CreateSession(
            new SessionFactory(access, store, store, RecordSources.NONE),
            ApiSettings.of(tables.environment()),
            () -> now,
            null);
    private final SessionEnvironment environment = new SessionEnvironment(tables.environment());
    private final ManageSessions manage = new ManageSessions(
            store,
            new ApplicationTabTemplates(templates, BuiltInTemplates.load(), Duration.ofMinutes(1)),
            RecordSources.NONE,
            new DynamoDbOfferStore(
                    new DynamoDb(counter),
                    requireNonNull(tables.environment().get("SESSIONS_TABLE")),
                    new SessionLimits(10, IDLE, Duration.ofDays(30))),
            environment.offerFactory(),
            environment,
            () -> now);

    private String user = "";
    private final List<String> sessions = new ArrayList<>();
    private final Map<String, String> measured = new LinkedHashMap<>();

    @Test
    void units_of_every_operation_are_as_documented() throws IOException {
        measureWith(4);
        measureWith(10);

        assertThat(measured).isEqualTo(documented());
    }

    private void measureWith(int open) {
        user = UUID.randomUUID().toString();
        sessions.clear();
        for (int i = 1; i < open; i++) {
            createSession();
        }
        measure("`POST /sessions`", open, this::createSession);
        measure("`GET /desk`", open, () -> send("GET", "/desk"));
        measure("`GET /sessions`", open, () -> send("GET", "/sessions"));
        measure("`GET /sessions/{sessionId}`", open, () -> send("GET", path(0)));

        measure("`POST …/focus`, another session", open, () -> send("POST", path(0) + "/focus"));
        now = now.plus(IDLE.dividedBy(24)).minusMillis(1);
        measure("`POST …/focus`, again within 1/24 of the idle time", open, () -> send("POST", path(0) + "/focus"));
        now = now.plusMillis(1);
        measure("`POST …/focus`, again later", open, () -> send("POST", path(0) + "/focus"));
        measure("`POST …/requestFocus`", open, () -> send("POST", path(1) + "/requestFocus"));
        measure("`POST …/focus`, with a focus request", open, () -> send("POST", path(1) + "/focus"));

        measure("`PATCH`, context", open, () -> send("PATCH", path(1), Map.of("context", Map.of("orderId", "17"))));
        measure("`PATCH`, title", open, () -> send("PATCH", path(1), Map.of("title", "Fabrikam")));
        measure("`POST …/tabs`", open, () -> {
            Map<String, Object> tab = Map.of("templateName", "msdyn_omnichannel_kbsearch");
            assertThat(send("POST", path(0) + "/tabs", tab)).isEqualTo(201);
        });

        String closed = path(2);
        measure("`POST …/close`", open, () -> send("POST", closed + "/close"));
        measure("`POST …/reopen`", open, () -> send("POST", closed + "/reopen"));
        measure("`DELETE`", open, () -> send("DELETE", closed));
        String to = UUID.randomUUID().toString();
        measure("`POST …/handOver`", open, () -> send("POST", path(1) + "/handOver", Map.of("userId", to)));
        measure("`POST …/handOver`, at once", open, () -> {
            Map<String, Object> body = Map.of("userId", UUID.randomUUID().toString(), "immediate", true);
            String target = "/users/" + user + path(3) + "/handOver";
            status(ApiEvent.of("POST", target)
                    .backend("Sessions.ReadWrite.All")
                    .body(body)
                    .sendTo(manage));
        });
    }

    private void measure(String operation, int open, Runnable request) {
        UnitCounter.Units units = counter.of(request);
        measured.put(
                operation + " | " + open,
                units.writes() + " | " + units.indexWrites() + " | " + (int) Math.ceil(units.reads()) + " | "
                        + units.roundTrips());
    }

    private void createSession() {
        FunctionResponse response =
                event("POST", "/sessions").body(CALL).sendTo(create).is(201);
        sessions.add(response.text("sessionId"));
    }

    private String path(int session) {
        return "/sessions/" + sessions.get(session);
    }

    private int send(String method, String path) {
        return status(event(method, path).sendTo(manage));
    }

    private int send(String method, String path, Map<String, Object> body) {
        return status(event(method, path).body(body).sendTo(manage));
    }

    private static int status(FunctionResponse response) {
        assertThat(response.status()).as(response.body()).isBetween(200, 299);
        return response.status();
    }

    private ApiEvent event(String method, String path) {
        return ApiEvent.of(method, path).user(user);
    }

    /** Returns the rows of the table: the operation and the number of open sessions, and the figures. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        String section =
                Files.readString(DOCUMENT).split("\n## Sessions\n", 2)[1].split("\n## ", 2)[0];
        for (String line : section.lines().toList()) {
            String[] cells = line.split("\\|", -1);
            if (line.startsWith("| `") && cells.length == 8) {
                rows.put(
                        cells[1].strip() + " | " + cells[2].strip(),
                        "%s | %s | %s | %s"
                                .formatted(cells[3].strip(), cells[4].strip(), cells[5].strip(), cells[6].strip()));
            }
        }
        return rows;
    }

    @Test
    void desk_of_ten_sessions_with_long_titles_fits_one_read_unit() {
        user = UUID.randomUUID().toString();
        String title = "€".repeat(200);
        for (int i = 0; i < 10; i++) {
            createSession();
            send("PATCH", path(i), Map.of("title", i % 2 == 0 ? title : "t".repeat(150), "kpiBreach", "late"));
        }

        int size = tables.items().stream()
                .filter(item -> requireNonNull(item.get("key")).s().equals("DESK"))
                .mapToInt(ItemSize::of)
                .sum();
        assertThat(size).isLessThan(4 * KILOBYTE);
        assertThat(event("GET", "/desk").sendTo(manage).is(200).body())
                .contains(title)
                .contains("t".repeat(150));
    }
}
