package io.switchboard.callrecords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.switchboard.callrecords.model.CallRecordTypes;
import io.switchboard.callrecords.model.GraphInstant;
import io.switchboard.callrecords.model.Purpose;
import io.switchboard.callrecords.model.ReadContext;
import io.switchboard.callrecords.store.CallRecord;
import io.switchboard.callrecords.store.CallRecordKey;
import io.switchboard.callrecords.store.CallSession;
import io.switchboard.callrecords.store.DynamoDbCallRecordStore;
import io.switchboard.callrecords.store.DynamoDbLogRows;
import io.switchboard.callrecords.store.LogRow;
import io.switchboard.callrecords.store.LogRowKind;
import io.switchboard.callrecords.store.LogRowRange;
import io.switchboard.callrecords.store.LogRowStore;
import io.switchboard.callrecords.store.NewCallRecord;
import io.switchboard.callrecords.store.NewCallSession;
import io.switchboard.callrecords.store.PostSessionOutcome;
import io.switchboard.callrecords.store.RecordChangeOutcome;
import io.switchboard.callrecords.store.RecordLimits;
import io.switchboard.dynamodb.DynamoDb;
import io.switchboard.dynamodb.ItemSize;
import io.switchboard.dynamodb.TestTables;
import io.switchboard.dynamodb.UnitCounter;
import io.switchboard.dynamodb.UnitCounter.Units;
import io.switchboard.json.Json;
import io.switchboard.json.Violations;
import io.switchboard.replay.ApiEvent;
import io.switchboard.replay.DocumentationPage;
import io.switchboard.replay.EventCase;
import io.switchboard.storage.IdempotencyKey;
import io.switchboard.storage.PageRequest;
import io.switchboard.testing.TestTable;
import io.switchboard.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Adds up the units of operations on call records, from the items that they write and read, and compares them with
 * {@code docs/reference/units.md}.
 */
final class CallRecordUnitsTest {
    private static final String PAGE = "docs/reference/units.md";
    private static final String SECTION = "## Call records\n";
    private static final String EXAMPLES = "CreateCallRecordSession";
    private static final String RICHEST = "201.peer-to-peer";
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.250Z");
    private static final String TENANT = "72f988bf-0000-4000-8000-c0270505a001";
    private static final PageRequest SIXTY = new PageRequest(null, 60);
    private static final int LARGEST_PAGE = 4_000_000;

    private static final int MOST_WRITES_OF_A_FIRST_SESSION = 6;
    private static final int MOST_WRITES_OF_A_FURTHER_SESSION = 4;
    private static final int MOST_READS_OF_A_PAGE = 12;
    /** At 100 ms each, a third of the time of the function remains. */
    private static final int MOST_ROUND_TRIPS_OF_ROWS = 50;

    @RegisterExtension
    static final TestTable TABLE = TestTable.patient(TestTables::callRecords);

    private final UnitCounter counter = new UnitCounter(TABLE.client());
    private final CallRecordKey call =
            new CallRecordKey(TENANT, UUID.randomUUID().toString());
    /** A store of a process that has stored nothing before. */
    private final DynamoDbCallRecordStore store = new DynamoDbCallRecordStore(
            new DynamoDb(counter), TABLE.name(), new RecordLimits(Duration.ofDays(30), false));

    private static Map<String, @Nullable Object> body(String example) {
        return new LinkedHashMap<>(
                Json.readOwn(ApiEvent.named(EXAMPLES, example).body()));
    }

    private NewCallSession session(Map<String, @Nullable Object> body, @Nullable IdempotencyKey key) {
        Map<String, @Nullable Object> read =
                CallRecordTypes.session().read(body, new ReadContext(Purpose.CREATE, "", new Violations()));
        return SessionBody.of(call, read, "", key);
    }

    /** Returns the session of an example, with another id. */
    private NewCallSession another(String example) {
        Map<String, @Nullable Object> body = body(example);
        body.put("id", UUID.randomUUID().toString());
        return session(body, null);
    }

    private CallSession posted(NewCallSession session) {
        PostSessionOutcome outcome = store.post(call, session, NOW);
        assertThat(outcome).isInstanceOf(PostSessionOutcome.Posted.class);
        return ((PostSessionOutcome.Posted) outcome).session();
    }

    private Units post(NewCallSession session) {
        return counter.of(() -> posted(session));
    }

    private CallRecord record() {
        return store.read(call, NOW).orElseThrow();
    }

    private static void done(RecordChangeOutcome<?> outcome) {
        assertThat(outcome).isInstanceOf(RecordChangeOutcome.Done.class);
    }

    /** Stores a call record with 60 sessions like an example, and returns the units of the page that lists them. */
    private Units page(String example, boolean withSegments) {
        List<NewCallSession> sessions =
                IntStream.range(0, 60).mapToObj(i -> another(example)).toList();
        Map<String, @Nullable Object> content = body(example);
        content.keySet().removeAll(List.of("caller", "callee", "failureInfo", "isTest", "segments"));
        CallRecordKey large = new CallRecordKey(TENANT, UUID.randomUUID().toString());
        store.put(new NewCallRecord(large, 1, content, sessions, null, null), NOW);
        return counter.of(() -> {
            CallRecord record = store.read(large, NOW).orElseThrow();
            assertThat(store.sessions(record, withSegments, SIXTY, LARGEST_PAGE).items())
                    .hasSize(60);
        });
    }

    private Map<String, AttributeValue> item(NewCallSession session) {
        String key = record().generation() + "#s#" + session.key().text();
        return TABLE.client()
                .getItem(get -> get.tableName(TABLE.name())
                        .key(Map.of(
                                "record",
                                AttributeValue.fromS(call.tenant() + "#" + call.id()),
                                "key",
                                AttributeValue.fromS(key))))
                .item();
    }

    // ---- the tables of the page

    /** Returns the rows of a table of the section by their first cell, without the first cell. */
    private static Map<String, List<String>> documented(String title) {
        String text = DocumentationPage.read(PAGE).text();
        Map<String, List<String>> rows = new LinkedHashMap<>();
        boolean isTable = false;
        for (String line : text.substring(text.indexOf(SECTION)).lines().toList()) {
            if (!line.startsWith("|")) {
                isTable = false;
                continue;
            }
            List<String> cells = Stream.of(line.split("\\|", -1))
                    .map(String::strip)
                    .filter(cell -> !cell.isEmpty())
                    .toList();
            if (isTable && !cells.getFirst().startsWith("---")) {
                rows.put(cells.getFirst(), cells.subList(1, cells.size()));
            }
            isTable |= cells.getFirst().equals(title);
        }
        return rows;
    }

    private static List<String> cells(Object... values) {
        return Stream.of(values)
                .map(value -> value instanceof Double number && number % 1 == 0 ? number.longValue() : value)
                .map(String::valueOf)
                .toList();
    }

    @Test
    void units_of_each_operation_are_documented() {
        IdempotencyKey key =
                new IdempotencyKey("provider sessions key", HexFormat.of().formatHex(Sha256.of("body")));
        Map<String, @Nullable Object> later = body(RICHEST);
        later.put("id", UUID.randomUUID().toString());
        later.put("endDateTime", "2026-03-04T10:00:00Z");
        NewCallSession first = session(body(RICHEST), null);

        Map<String, Units> measured = new LinkedHashMap<>();
        measured.put("`POST` of the first session of a call record", post(first));
        measured.put("`POST` of a further session", post(another(RICHEST)));
        measured.put(
                "the same with an `Idempotency-Key`",
                post(session(new LinkedHashMap<>(another(RICHEST).content()), key)));
        measured.put("the same, after the end of the call record so far", post(session(later, null)));
        measured.put("`POST` of a session that is stored already", post(first));
        CallRecord record = record();
        CallSession stored = store.session(record, first.key(), true).orElseThrow();
        Map<String, @Nullable Object> content = new LinkedHashMap<>(stored.content());
        content.put("isTest", true);
        measured.put(
                "`PATCH` of a session, after reading it",
                counter.of(() -> done(store.change(record, stored, stored.key(), content, NOW))));
        CallSession changed = store.session(record, first.key(), true).orElseThrow();
        measured.put(
                "`DELETE` of a session, after reading it", counter.of(() -> done(store.delete(record, changed, NOW))));
        NewCallSession last = another(RICHEST);
        posted(last);
        for (boolean withSegments : new boolean[] {false, true}) {
            String segments = withSegments ? " with segments" : " without segments";
            measured.put(
                    "`GET` of a session" + segments,
                    counter.of(() -> assertThat(store.session(record(), last.key(), withSegments))
                            .isPresent()));
            measured.put("`GET` of a page of 60 sessions" + segments, page(RICHEST, withSegments));
        }

        Map<String, List<String>> rows = new LinkedHashMap<>();
        measured.forEach((operation, units) ->
                rows.put(operation, cells(units.roundTrips(), units.writes(), units.indexWrites(), units.reads())));
        assertThat(documented("Operation")).isEqualTo(rows);
    }

    /** Returns a row like that of Graph's documentation, of a second of an hour. */
    private static LogRow row(int number, String operator) {
        String id = UUID.nameUUIDFromBytes(Integer.toString(number).getBytes(StandardCharsets.UTF_8))
                .toString();
        String start = NOW.plusSeconds(number * 7_919L % 3_600).toString();
        Map<String, @Nullable Object> content = new LinkedHashMap<>(Json.readOwn("""
            {"id":"%s","callId":"1835317186_112562680@61.221.3.176","userId":"db03c14b-06eb-4189-939b-7cbf3a20ba27",
             "userPrincipalName":"richard.malk@contoso.com","userDisplayName":"Richard Malk","startDateTime":"%s",
             "endDateTime":"2026-11-21T10:03:47.2589935Z","duration":219,"charge":0.00,"callType":"user_in",
             "currency":"USD","calleeNumber":"+1234567890","usageCountryCode":"US","tenantCountryCode":"US",
             "connectionCharge":0.00,"callerNumber":"+0123456789","destinationName":"United States",
             "licenseCapability":"MCOPSTNU","inventoryType":"Subscriber","operator":"%s",
             "callDurationSource":"microsoft"}""".formatted(id, start, operator)));
        return new LogRow(id, GraphInstant.of(start).orElseThrow(), content);
    }

    private static List<LogRow> rows(int count, String operator) {
        return IntStream.range(0, count).mapToObj(i -> row(i, operator)).toList();
    }

    @Test
    void units_of_rows_of_logs_are_documented() {
        LogRowKind kind = LogRowKind.PSTN_CALLS;
        LogRowStore rows =
                new DynamoDbLogRows(new DynamoDb(counter), TABLE.name(), new RecordLimits(Duration.ofDays(30), false));
        LogRowRange range = new LogRowRange(
                call.tenant(),
                kind,
                GraphInstant.of("2026-11-21T00:00:00Z").orElseThrow(),
                GraphInstant.of("2026-11-22T00:00:00Z").orElseThrow());
        String tenant = "tenant-of-rows";
        LogRowRange all = new LogRowRange(tenant, kind, range.from(), range.to());

        Map<String, Units> measured = new LinkedHashMap<>();
        measured.put(
                "`POST` of a new row",
                counter.of(() -> rows.put(tenant + "-with-one", kind, rows(1, "Microsoft"), NOW)));
        measured.put(
                "`POST` of 1,000 new rows", counter.of(() -> rows.put(tenant, kind, rows(1_000, "Microsoft"), NOW)));
        measured.put(
                "the same again, unchanged", counter.of(() -> rows.put(tenant, kind, rows(1_000, "Microsoft"), NOW)));
        measured.put("`POST` of 100 changed rows", counter.of(() -> rows.put(tenant, kind, rows(100, "Contoso"), NOW)));
        measured.put(
                "`GET` of a page of 1,000 rows",
                counter.of(() -> assertThat(rows.list(all, new PageRequest(null, 1_000), NOW)
                                .items())
                        .hasSize(1_000)));
        measured.put(
                "`GET` of a page of no rows",
                counter.of(() -> assertThat(rows.list(range, new PageRequest(null, 1_000), NOW)
                                .items())
                        .isEmpty()));

        Map<String, List<String>> documented = new LinkedHashMap<>();
        measured.forEach((operation, units) -> documented.put(
                operation, cells(units.roundTrips(), units.writes(), units.indexWrites(), units.reads())));
        assertThat(documented("Operation on rows")).isEqualTo(documented);
        assertThat(Objects.requireNonNull(measured.get("`POST` of 1,000 new rows"))
                        .roundTrips())
                .isLessThanOrEqualTo(MOST_ROUND_TRIPS_OF_ROWS);
        assertThat(Objects.requireNonNull(measured.get("`GET` of a page of 1,000 rows"))
                        .roundTrips())
                .isLessThanOrEqualTo(MOST_ROUND_TRIPS_OF_ROWS);
    }

    @ParameterizedTest
    @MethodSource
    void units_of_an_example_are_documented_and_within_their_limits(String example) {
        NewCallSession first = session(body(example), null);
        NewCallSession further = another(example);
        Units ofFirst = post(first);
        Units ofFurther = post(further);
        Units ofPage = page(example, false);
        List<String> row = Objects.requireNonNull(documented("Example").get(example.substring("201.".length())));

        assertThat(ofFirst.writes()).isLessThanOrEqualTo(MOST_WRITES_OF_A_FIRST_SESSION);
        assertThat(ofFurther.writes()).isLessThanOrEqualTo(MOST_WRITES_OF_A_FURTHER_SESSION);
        assertThat(ofPage.reads()).isLessThanOrEqualTo(MOST_READS_OF_A_PAGE);
        assertThat(row)
                .endsWith(cells(ofFirst.writes(), ofFurther.writes(), ofPage.reads())
                        .toArray(String[]::new));
        int json = Json.write(further.content()).getBytes(StandardCharsets.UTF_8).length;
        assertThat(json).isEqualTo(Integer.parseInt(row.getFirst().replace(",", "")));
        // Another release of zlib may compress differently.
        assertThat(ItemSize.of(item(further))).isCloseTo(Integer.parseInt(row.get(1)), within(20));
    }

    static List<String> units_of_an_example_are_documented_and_within_their_limits() {
        List<String> examples = new ArrayList<>();
        documented("Example").keySet().forEach(name -> examples.add("201." + name));
        return examples;
    }

    @Test
    void session_of_every_example_costs_at_most_four_units() {
        posted(another(RICHEST));
        int examples = 0;
        for (EventCase each : EventCase.of(EXAMPLES)) {
            if (each.outcome().equals("201")) {
                NewCallSession session = another(each.name());
                // A session that widens the call record needs one more write.
                posted(session);
                assertThat(post(another(each.name())).writes())
                        .as(each.name())
                        .isLessThanOrEqualTo(MOST_WRITES_OF_A_FURTHER_SESSION);
                examples++;
            }
        }
        assertThat(examples).isGreaterThan(20);
    }
}
