package io.switchboard.sessions;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.UnitCounter;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.FunctionResponse;
import io.switchboard.replay.Tables;
import io.switchboard.session.SessionLimits;
import io.switchboard.session.store.DynamoDbOfferStore;
import io.switchboard.session.store.DynamoDbPresenceStore;
import io.switchboard.session.store.DynamoDbSessionStore;
import io.switchboard.template.builtin.BuiltInTemplates;
import io.switchboard.template.catalog.ApplicationTabTemplates;
import io.switchboard.template.catalog.TemplateAccess;
import io.switchboard.template.catalog.TemplatesOfKind;
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

/** Measures the units of each operation on presences, and compares them with the documentation. */
class PresenceUnitsTest {
    private static final Path DOCUMENT = Path.of("../../docs/reference/units.md");
    private static final SessionLimits LIMITS = new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30));
    private static final Duration AGE = Duration.ofMinutes(1);

    private final Tables tables = new Tables();
    private final UnitCounter counter = new UnitCounter(tables.client());
    private final String table = requireNonNull(tables.environment().get("SESSIONS_TABLE"));
    private final DynamoDbSessionStore store = new DynamoDbSessionStore(new DynamoDb(counter), table, LIMITS);
    private final DynamoDbTemplateReader templates = new DynamoDbTemplateReader(
            new DynamoDb(counter), requireNonNull(tables.environment().get("TEMPLATES_TABLE")));
    private final TemplateAccess access = new TemplateAccess(templates, BuiltInTemplates.load(), AGE);
    private final ManageSessions manage = new ManageSessions(
            store,
            new ApplicationTabTemplates(templates, BuiltInTemplates.load(), AGE),
            RecordSources.NONE,
            new DynamoDbOfferStore(new DynamoDb(counter), table, LIMITS),
            new OfferFactory(
                    TemplatesOfKind.notifications(templates, AGE),
                    new SessionFactory(access, store, store, RecordSources.NONE)),
            new PresenceOperations(
                    new DynamoDbPresenceStore(new DynamoDb(counter), table, LIMITS),
                    TemplatesOfKind.presenceStates(templates, AGE),
                    access),
            new SessionEnvironment(tables.environment()),
            () -> Instant.parse("2026-12-01T10:00:00Z"));

    private String tenant = "";
    private final Map<String, String> measured = new LinkedHashMap<>();

    @Test
    void units_of_every_operation_are_as_documented() throws IOException {
        measureWith(1);
        measureWith(25);

        assertThat(measured).isEqualTo(documented());
    }

    private void measureWith(int count) {
        tenant = "tenant-" + UUID.randomUUID();
        List<String> users = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            users.add(UUID.randomUUID().toString());
        }
        Map<String, Object> notification = Map.of("templateName", "msdyn_chat_consult", "userIds", users);
        // The desks, and the caches of templates and app profiles.
        send(router("POST", "/notifications").body(notification));
        send(router("GET", "/presence").query("appProfile", "switchboard_default_profile"));
        measure(
                "`POST /notifications`, without presences",
                count,
                router("POST", "/notifications").body(notification));
        if (count == 1) {
            String path = "/users/" + users.getFirst() + "/presence";
            Map<String, Object> busy = Map.of("basicState", "busy", "state", "switchboard_busy");
            measure("`PUT …/presence`, the first", 1, router("PUT", path).body(busy));
            measure("`PUT …/presence`, renewed", 1, router("PUT", path).body(busy));
            measure("`PUT …/presence`, changed", 1, router("PUT", path).body(Map.of("basicState", "away")));
            measure("`GET …/presence`", 1, router("GET", path));
        }
        for (String user : users) {
            send(router("PUT", "/users/" + user + "/presence").body(Map.of("basicState", "available")));
        }
        measure("`POST /notifications`", count, router("POST", "/notifications").body(notification));
        measure("`GET /presence`", count, router("GET", "/presence"));
        measure(
                "`GET /presence`, of an app profile",
                count,
                router("GET", "/presence").query("appProfile", "switchboard_default_profile"));
    }

    private void measure(String operation, int users, ApiEvent event) {
        UnitCounter.Units units = counter.of(() -> send(event));
        measured.put(
                operation + " | " + users,
                units.writes() + " | " + units.indexWrites() + " | " + (int) Math.ceil(units.reads()) + " | "
                        + units.roundTrips());
    }

    private void send(ApiEvent event) {
        FunctionResponse response = event.sendTo(manage);
        assertThat(response.status())
                .as("%s %s", response.body(), response.log())
                .isBetween(200, 299);
    }

    private ApiEvent router(String method, String path) {
        return ApiEvent.of(method, path).backend("Sessions.ReadWrite.All").claim("tid", tenant);
    }

    /** Returns the rows of the table: the operation and the number of users, and the figures. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        String section =
                Files.readString(DOCUMENT).split("\n## Presence\n", 2)[1].split("\n## ", 2)[0];
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
}
