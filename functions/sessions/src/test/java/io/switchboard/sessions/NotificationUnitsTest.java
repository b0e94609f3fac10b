package io.switchboard.sessions;

import static io.switchboard.sessions.SessionFixture.CALL;
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

/** Measures the units of each operation on notifications, and compares them with the documentation. */
class NotificationUnitsTest {
    private static final Path DOCUMENT = Path.of("../../docs/reference/units.md");
    private static final SessionLimits LIMITS = new SessionLimits(10, Duration.ofHours(24), Duration.ofDays(30));
    private static final Duration AGE = Duration.ofMinutes(1);

    private final Tables tables = new Tables();
    private final UnitCounter counter = new UnitCounter(tables.client());
    private final String table = requireNonNull(tables.environment().get("SESSIONS_TABLE"));
    private final DynamoDbSessionStore store = new DynamoDbSessionStore(new DynamoDb(counter), table, LIMITS);
    private final DynamoDbTemplateReader templates = new DynamoDbTemplateReader(
            new DynamoDb(tables.client()), requireNonNull(tables.environment().get("TEMPLATES_TABLE")));
    private final ManageSessions manage = new ManageSessions(
            store,
            new ApplicationTabTemplates(templates, BuiltInTemplates.load(), AGE),
            RecordSources.NONE,
            new DynamoDbOfferStore(new DynamoDb(counter), table, LIMITS),
            new OfferFactory(
                    TemplatesOfKind.notifications(templates, AGE),
                    new SessionFactory(
                            new TemplateAccess(templates, BuiltInTemplates.load(), AGE),
                            store,
                            store,
                            RecordSources.NONE)),
            new SessionEnvironment(tables.environment()),
            () -> Instant.parse("2026-11-30T10:00:00Z"));

    private String tenant = "";
    private final Map<String, String> measured = new LinkedHashMap<>();
    private final List<FunctionResponse> responses = new ArrayList<>();

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
        String agent = users.getFirst();
        Map<String, Object> body = Map.of(
                "templateName",
                "msdyn_voice_incoming_authenticated",
                "templateParameters",
                Map.of("customerName", "Ada"),
                "cancellationToken",
                "t-1",
                "session",
                CALL,
                "userIds",
                users);
        send(router("POST", "/notifications").body(body));
        measure("`GET /desk`, with one notification", count, agent("GET", "/desk", agent));
        String first = measure(
                        "`POST /notifications`",
                        count,
                        router("POST", "/notifications").body(body))
                .text("notificationId");
        String second = send(router("POST", "/notifications").body(body)).text("notificationId");
        measure("`GET /notifications/{notificationId}`", count, router("GET", "/notifications/" + first));
        measure("`GET /notifications`, three of them", count, router("GET", "/notifications"));
        measure("`POST …/accept`", count, agent("POST", "/notifications/" + first + "/accept", agent));
        measure("`DELETE /notifications/{notificationId}`", count, router("DELETE", "/notifications/" + second));
        String third = send(router("POST", "/notifications").body(body)).text("notificationId");
        measure("`POST …/reject`", count, agent("POST", "/notifications/" + third + "/reject", agent));
        send(router("DELETE", "/notifications").query("cancellationToken", "t-1"));
        measure("`GET /desk`, after the last one", count, agent("GET", "/desk", agent));
    }

    private FunctionResponse measure(String operation, int users, ApiEvent event) {
        UnitCounter.Units units = counter.of(() -> send(event));
        measured.put(
                operation + " | " + users,
                units.writes() + " | " + units.indexWrites() + " | " + (int) Math.ceil(units.reads()) + " | "
                        + units.roundTrips());
        return responses.getLast();
    }

    private FunctionResponse send(ApiEvent event) {
        FunctionResponse response = event.sendTo(manage);
        assertThat(response.status())
                .as("%s %s", response.body(), response.log())
                .isBetween(200, 299);
        responses.add(response);
        return response;
    }

    private ApiEvent router(String method, String path) {
        return ApiEvent.of(method, path).backend("Sessions.ReadWrite.All").claim("tid", tenant);
    }

    private ApiEvent agent(String method, String path, String user) {
        return ApiEvent.of(method, path).user(user).claim("tid", tenant).permissions("Sessions.ReadWrite");
    }

    /** Returns the rows of the table: the operation and the number of users, and the figures. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        String section =
                Files.readString(DOCUMENT).split("\n## Notifications\n", 2)[1].split("\n## ", 2)[0];
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
