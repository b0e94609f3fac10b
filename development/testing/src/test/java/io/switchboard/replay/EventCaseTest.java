package io.switchboard.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the tables of {@code events/} and their committed payloads. */
final class EventCaseTest {
    private static final String WRITE = "switchboard.events.write";
    private static final Path EVENTS = EventCase.folder();
    private static final Pattern FILE = Pattern.compile("events/([A-Za-z]+/[^\\s`'\"]+\\.json)");

    @BeforeAll
    static void write() throws IOException {
        if (!Boolean.getBoolean(WRITE)) {
            return;
        }
        // If a table cannot be read, the files stay unchanged.
        List<EventCase> events = committed();
        for (Path file : files()) {
            Files.delete(EVENTS.resolve(file));
        }
        for (EventCase event : events) {
            Path file = EVENTS.resolve(event.file());
            Files.createDirectories(file.getParent());
            Files.writeString(file, written(event));
        }
    }

    @Test
    void committed_payloads_match_the_tables() throws IOException {
        String todo = "the tables have changed; run this test with -D%s=true to write their payloads".formatted(WRITE);
        assertThat(files())
                .as(todo)
                .containsExactlyInAnyOrderElementsOf(
                        committed().stream().map(EventCase::file).toList());
        for (EventCase event : committed()) {
            assertThat(Files.readString(EVENTS.resolve(event.file()))).as(todo).isEqualTo(written(event));
        }
    }

    @Test
    void every_function_has_a_committed_payload() {
        assertThat(committed()).extracting(EventCase::function).containsAll(EventCase.functions());
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs", "samconfig.toml"})
    void every_payload_that_a_document_mentions_is_committed(String place) throws IOException {
        Set<String> named = new TreeSet<>();
        try (Stream<Path> texts =
                Files.walk(Objects.requireNonNull(EVENTS.getParent()).resolve(place))) {
            for (Path text : texts.filter(each -> each.toString().matches(".*\\.(md|toml)"))
                    .toList()) {
                FILE.matcher(Files.readString(text)).results().forEach(match -> named.add(match.group(1)));
            }
        }

        assertThat(files()).extracting(Path::toString).containsAll(named);
    }

    private static List<EventCase> committed() {
        return EventCase.functions().stream()
                .flatMap(function -> EventCase.of(function).stream())
                .filter(EventCase::isCommitted)
                .toList();
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(EVENTS, 2)) {
            return files.map(EVENTS::relativize)
                    .filter(file -> file.getNameCount() == 2)
                    .toList();
        }
    }

    private static String written(EventCase event) throws IOException {
        return JSON.std
                        .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                        .asString(event.payload())
                + "\n";
    }

    // ── Valid tables ──────────────────────────────────────────────────────────────

    private static final String ENVELOPE = """
            request: {version: '2.0', headers: {accept: '*/*'}, requestContext: {http: {}}}
            claims: {tid: contoso}
            callers:
              agent: {userAgent: desk, claims: {oid: '{user}', scp: Sessions.ReadWrite}}
              anonymous: {userAgent: desk}
            routes: [POST /sessions, 'POST /users/{userId}/sessions', 'ANY /sessions/{proxy+}', $default]
            change: {eventSource: aws:dynamodb}
            message: {eventSource: aws:sqs}
            sources:
              Publish: {arn: stream, keys: [owner]}
              Send: {arn: queue}
            """;

    private static EventCase only(String function, String table) {
        List<EventCase> cases = EventCase.of(
                function,
                EventYaml.parse(table, "events/" + function + ".yaml"),
                EventEnvelope.of(EventYaml.parse(ENVELOPE, "events/envelope.yaml")));
        assertThat(cases).hasSize(1);
        return cases.getFirst();
    }

    private static EventCase request(String lines) {
        return only("Create", "cases:\n  201.one:\n" + lines.indent(4));
    }

    private static @Nullable Object at(Object tree, Object... path) {
        @Nullable Object value = tree;
        for (Object step : path) {
            value = value instanceof List<?> list
                    ? list.get((Integer) step)
                    : ((Map<?, ?>) Objects.requireNonNull(value)).get(step);
        }
        return value;
    }

    @Test
    void request_has_the_values_of_the_case_and_derived_values() {
        var payload = request("""
                caller: agent
                request: POST /users/a b/sessions
                query: {$filter: a eq 'é', dryRun: 'true'}
                headers: {accept: null, Prefer: return=minimal}
                claims: {scp: null, roles: '[A]'}
                body: {customer: é, since: 2026-11-21, code: 010, call: yes, count: 2, ratio: 0.5, gone: null}
                """).payload();

        assertThat(at(payload, "body"))
                .isEqualTo(
                        "{\"customer\":\"é\",\"since\":\"2026-11-21\",\"code\":\"010\",\"call\":\"yes\",\"count\":2,\"ratio\":0.5,\"gone\":null}");
        assertThat(at(payload, "routeKey")).isEqualTo("POST /users/{userId}/sessions");
        assertThat(at(payload, "pathParameters")).isEqualTo(Map.of("userId", "a b"));
        assertThat(at(payload, "rawQueryString")).isEqualTo("$filter=a%20eq%20'%C3%A9'&dryRun=true");
        assertThat(at(payload, "headers"))
                .isEqualTo(Map.of(
                        "user-agent", "desk",
                        "authorization", "Bearer <token>",
                        "content-type", "application/json",
                        "content-length", "98",
                        "Prefer", "return=minimal"));
        assertThat(at(payload, "requestContext", "authorizer", "jwt", "claims"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("tid", "oid", "roles");
    }

    @Test
    void request_without_claims_has_no_token_and_each_case_has_separate_ids() {
        var payload = request("caller: anonymous\nrequest: GET /sessions/").payload();
        assertThat(at(payload, "headers")).isEqualTo(Map.of("accept", "*/*", "user-agent", "desk"));
        assertThat(at(payload, "requestContext", "authorizer")).isNull();
        assertThat(at(payload, "routeKey")).isEqualTo("$default");

        Set<@Nullable Object> ids = new java.util.HashSet<>();
        for (String name : List.of("201.one", "201.two")) {
            var each = only("Create", "cases: {" + name + ": {caller: agent, request: POST /sessions}}")
                    .payload();
            ids.add(at(each, "requestContext", "requestId"));
            ids.add(at(each, "requestContext", "authorizer", "jwt", "claims", "oid"));
        }
        assertThat(ids).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text: '{\"a\":1,\"a\":2}' | {\"a\":1,\"a\":2} | false | 13",
                "base64: /w== | /w== | true | 1",
                "base64: {a: 1} | eyJhIjoxfQ== | true | 7",
                "text: !pieces ['/', [ab, 3], c] | /abababc | false | 8",
            })
    void body_may_be_text_or_bytes(String line, String body, boolean isBase64, String length) {
        var payload =
                request("caller: anonymous\nrequest: POST /sessions\n" + line).payload();

        assertThat(at(payload, "body")).isEqualTo(body);
        assertThat(at(payload, "isBase64Encoded")).isEqualTo(isBase64);
        assertThat(at(payload, "headers", "content-length")).isEqualTo(length);
    }

    @Test
    void change_starts_from_an_image_and_has_the_differences() {
        var payload = only("Publish", """
                images:
                  open: {owner: a, version: 1, tabs: !set [x, y], order: [x], document: {status: open, tabs: []}, writeId: '{id}'}
                  gone: {owner: a}
                cases:
                  none.one:
                    changes:
                      - {event: MODIFY, of: open, old: {version: 2}, new: {document: {status: closed}, order: null}}
                      - {event: MODIFY, of: open, to: gone}
                      - {event: INSERT, keys: {owner: b}}
                      - {event: REMOVE, of: gone, expired: true}
                """).payload();

        var first = Objects.requireNonNull(at(payload, "Records", 0, "dynamodb"));
        assertThat(at(first, "OldImage", "version", "N")).isEqualTo("2");
        assertThat(at(first, "NewImage", "version", "N")).isEqualTo("2");
        assertThat(at(first, "OldImage", "tabs", "SS")).isEqualTo(List.of("x", "y"));
        assertThat(at(first, "OldImage", "order")).isEqualTo(Map.of("L", List.of(Map.of("S", "x"))));
        assertThat(at(first, "NewImage", "order")).isNull();
        assertThat(at(first, "NewImage", "document", "S")).isEqualTo("{\"status\":\"closed\",\"tabs\":[]}");
        assertThat(at(first, "NewImage", "writeId")).isNotEqualTo(at(first, "OldImage", "writeId"));
        assertThat(at(first, "Keys")).isEqualTo(Map.of("owner", Map.of("S", "a")));
        assertThat(at(payload, "Records", 1, "dynamodb", "NewImage")).isEqualTo(Map.of("owner", Map.of("S", "a")));
        assertThat(at(payload, "Records", 2, "dynamodb", "NewImage")).isEqualTo(Map.of());
        assertThat(at(payload, "Records", 2, "dynamodb", "Keys", "owner", "S")).isEqualTo("b");
        assertThat(at(payload, "Records", 3, "dynamodb", "NewImage")).isNull();
        assertThat(at(payload, "Records", 3, "userIdentity", "type")).isEqualTo("Service");
    }

    @Test
    void message_has_json_or_text_and_its_digest() {
        var payload = only("Send", """
                cases:
                  none.one:
                    messages: [{body: {a: 1}, receiveCount: 7}, {text: abc}]
                """).payload();

        assertThat(at(payload, "Records", 0, "body")).isEqualTo("{\"a\":1}");
        assertThat(at(payload, "Records", 0, "attributes", "ApproximateReceiveCount"))
                .isEqualTo("7");
        assertThat(at(payload, "Records", 1, "md5OfBody")).isEqualTo("900150983cd24fb0d6963f7d28e17f72");
        assertThat(at(payload, "Records", 1, "messageId")).isNotEqualTo(at(payload, "Records", 0, "messageId"));
    }

    // ── Invalid tables ────────────────────────────────────────────────────────────

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "request: POST /sessions | caller is missing; it must be a string. Put it in quotes",
                "caller: alice, request: POST /sessions | caller must be one of agent, anonymous of events/envelope.yaml",
                "caller: agent | request is missing; it must be a string. Put it in quotes",
                "caller: agent, request: /sessions | request must be a method and a path, such as POST /sessions",
                "caller: agent, request: POST /a, bodi: {} | bodi is unknown. Use one of caller, request, route,",
                "caller: agent, request: POST /a, body: {}, text: '' | body and text exclude each other. Keep one",
                "caller: agent, request: POST /a, body: {404: a} | body: 404 must be a string. Put it in quotes",
                "caller: agent, request: POST /a, body: !set [a] | body: JSON has no sets. Use a list",
                "caller: agent, request: POST /a, base64: '?' | base64 must be Base64: ",
                "caller: agent, request: POST /a, query: {$top: 1} | query: $top must be a string. Put it in quotes",
                "caller: agent, request: POST /a, headers: [a] | headers: must be an object",
                "caller: agent, request: POST /a, committed: yes | committed must be true or false",
            })
    void invalid_case_is_rejected_with_its_file_name_and_fix(String line, String message) {
        assertThatThrownBy(() -> only("Create", "cases: {201.one: {" + line + "}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("events/Create.yaml, case 201.one")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Publish | changes: [{event: DELETE}] | event must be one of INSERT, MODIFY, REMOVE",
                "Publish | changes: [{event: INSERT, of: a}] | of must be one of images: open",
                "Publish | changes: [{event: INSERT, of: open, new: {a: 0.5}}] | a must be a string, a whole number, a list, !set",
                "Publish | changes: [{event: INSERT}] | owner is missing",
                "Publish | changes: {} | changes must be a list",
                "Send | messages: [{}] | body is missing; it must be the content of the message, or use text",
                "Send | messages: [{text: a, receiveCount: '2'}] | receiveCount must be a whole number",
            })
    void invalid_change_or_message_is_rejected(String function, String line, String message) {
        assertThatThrownBy(() -> only(function, "images: {open: {owner: a}}\ncases: {none.one: {" + line + "}}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("events/" + function + ".yaml, case none.one")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cases: {a: {}, a: {}} | line 1: found duplicate key a",
                "cases: { | line 1: ",
                "cases: {a: !pieces [[x]]} | line 1: !pieces needs a list of strings and pairs",
                "cases: {a: !set [1]} | line 1: !set needs a list of strings",
                "cases: {a: !other 1} | line 1: could not determine a constructor for the tag !other",
                "case: {} | case is unknown. Use one of shared, images, cases",
                "cases | must be an object",
            })
    void invalid_table_is_rejected_with_its_file_and_line(String table, String message) {
        assertThatThrownBy(() -> only("Create", table))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("events/Create.yaml")
                .hasMessageContaining(message);
    }

    @Test
    void missing_case_is_reported_with_its_name() {
        assertThatThrownBy(() -> EventCase.named("CreateSession", "201.no-such-case"))
                .hasMessage("events/CreateSession.yaml has no case 201.no-such-case. Add it, or correct the name");
    }
}
