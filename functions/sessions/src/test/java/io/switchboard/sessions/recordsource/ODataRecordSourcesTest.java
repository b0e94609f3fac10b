package io.switchboard.sessions.recordsource;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.json.Json;
import io.switchboard.recordsource.RecordQuery;
import io.switchboard.recordsource.RecordQuery.Columns;
import io.switchboard.recordsource.RecordQuery.FirstRow;
import io.switchboard.recordsource.RecordResult;
import io.switchboard.recordsource.RecordResult.Failed;
import io.switchboard.recordsource.RecordResult.Found;
import io.switchboard.recordsource.RecordSource;
import io.switchboard.recordsource.RecordSources;
import io.switchboard.replay.ODataService;
import io.switchboard.replay.ODataService.Mode;
import io.switchboard.runtime.Deadline;
import io.switchboard.runtime.ManualTicker;
import io.switchboard.runtime.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A record source over HTTP: tokens, queries, responses and faults. */
@Timeout(120)
final class ODataRecordSourcesTest {
    private static final String CASE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    private static final Columns RECORD = new Columns("incident", CASE, List.of("title", "_customerid_value"));
    private static final FirstRow QUERY = new FirstRow("account", "$filter=name%20eq%20'A'&$select=name");
    private static final String RECORD_REQUEST =
            "GET /api/data/v9.2/incidents(" + CASE + ")?$select=title,_customerid_value";
    private static final String QUERY_REQUEST = "GET /api/data/v9.2/accounts?$filter=name%20eq%20'A'&$select=name";

    /** Longer than a response takes on a busy machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final Duration SOON = Duration.ofMillis(300);

    private final ManualTicker ticker = new ManualTicker();
    private final ODataService service = new ODataService();
    private RecordSources sources = RecordSources.NONE;

    @BeforeEach
    void set_up() {
        service.secret(service.settings("contoso"))
                .answer("/incidents(" + CASE + ")?$select=title,_customerid_value", Map.of("title", "T"))
                .answer(
                        "/accounts?$filter=name%20eq%20'A'&$select=name",
                        Map.of("value", List.of(Map.of("name", "A"), Map.of("name", "B"))))
                .answer("/accounts", Map.of("value", List.of()))
                .answer("/accounts?odd", Map.of("value", List.of(1)))
                .answer("/accounts?none", Map.of("values", List.of()));
        sources = within(PATIENCE);
    }

    private RecordSources within(Duration time) {
        return new ODataRecordSources(
                new SecretsManagerSecret(service.environment(Map.of()), ODataService.SECRET), ticker, time);
    }

    @AfterEach
    void close() {
        service.close();
    }

    private List<RecordResult> query(RecordQuery... queries) {
        return sources.of("contoso").query(List.of(queries));
    }

    @Test
    void record_source_is_missing_without_a_secret() {
        assertThat(ODataRecordSources.of(Map.of())).isSameAs(RecordSources.NONE);
        assertThat(ODataRecordSources.of(Map.of("RECORD_SOURCE_SECRET", " "))).isSameAs(RecordSources.NONE);
        assertThat(RecordSources.NONE.of("contoso").query(List.of(RECORD)))
                .containsExactly(new RecordResult.NotSetUp());
    }

    @Test
    void queries_are_sent_as_odata() {
        assertThat(query(RECORD, QUERY))
                .containsExactly(new Found(Map.of("title", "T")), new Found(Map.of("name", "A")));
        assertThat(service.requests().subList(0, 2))
                .containsExactly(
                        "secret",
                        "token grant_type=client_credentials&client_id=client%20one&client_secret=s3cr%26t%2B"
                                + "&scope=https%3A%2F%2Fcontoso.example%2F.default");
        assertThat(service.requests().subList(2, 4)).containsExactlyInAnyOrder(RECORD_REQUEST, QUERY_REQUEST);
        for (Map<String, String> headers : service.headers()) {
            assertThat(headers)
                    .containsEntry("Authorization", "Bearer token-1")
                    .containsEntry("Accept", "application/json")
                    .containsEntry("Odata-version", "4.0");
            assertThat(headers.get("Prefer")).startsWith("odata.include-annotations=\"*\"");
        }
    }

    @Test
    void secret_is_not_read_before_the_first_query() {
        sources.of("contoso");
        assertThat(service.requests()).isEmpty();
        assertThat(sources.of("contoso").isSetUp()).isTrue();
    }

    @Test
    void settings_and_token_are_cached_until_they_are_dropped() {
        query(QUERY);
        query(QUERY);
        assertThat(service.requests())
                .hasSize(4)
                .filteredOn(request -> request.equals(QUERY_REQUEST))
                .hasSize(2);
        service.clear();
        sources.clear();
        query(QUERY);
        assertThat(service.requests()).hasSize(3).startsWith("secret");
        service.clear();
        ticker.advance(Duration.ofMinutes(5).minusNanos(1));
        query(QUERY);
        assertThat(service.requests()).containsExactly(QUERY_REQUEST);
        service.clear();
        ticker.advance(Duration.ofNanos(1));
        query(QUERY);
        assertThat(service.requests()).containsExactly("secret", QUERY_REQUEST);
    }

    @ParameterizedTest
    @CsvSource({"60,2", "'61',2", "3600,1", "'3600',1", "-5,2", "soon,1"})
    void token_is_cached_until_shortly_before_it_expires(String seconds, int tokens) {
        service.tokenSeconds(seconds);
        query(QUERY);
        ticker.advance(Duration.ofMillis(1_100));
        query(QUERY);
        assertThat(service.requests())
                .filteredOn(request -> request.startsWith("token"))
                .hasSize(tokens);
    }

    @Test
    void tenant_without_settings_has_no_record_source() {
        assertThat(sources.of("fabrikam").query(List.of(RECORD, QUERY)))
                .containsExactly(new RecordResult.NotSetUp(), new RecordResult.NotSetUp());
        assertThat(service.requests()).containsExactly("secret");
    }

    @Test
    void entity_missing_in_the_settings_is_not_read() {
        assertThat(query(new FirstRow("contact", "$top=1"), new Columns("systemuser", CASE, List.of("fullname"))))
                .containsExactly(new RecordResult.UnknownEntity(), new RecordResult.UnknownEntity());
        assertThat(service.headers()).isEmpty();
    }

    @Test
    void missing_record_or_row_has_no_result() {
        assertThat(query(new FirstRow("account", ""), new Columns("incident", CASE, List.of("other"))))
                .containsExactly(new RecordResult.NotFound(), new RecordResult.NotFound());
        assertThat(query(new FirstRow("account", "$top=7"))).containsExactly(new Failed());
    }

    @Test
    void rows_of_another_form_are_faults() {
        assertThat(query(new FirstRow("account", "odd"), new FirstRow("account", "none")))
                .containsExactly(new Failed(), new Failed());
    }

    @Test
    void rejected_token_is_replaced_once() {
        service.mode(Mode.FIRST_TOKEN_REJECTED);
        assertThat(query(RECORD, QUERY, RECORD, QUERY)).allMatch(Found.class::isInstance);
        assertThat(service.requests())
                .filteredOn(request -> request.startsWith("token"))
                .hasSize(2);
        service.clear();
        assertThat(query(QUERY)).allMatch(Found.class::isInstance);
        assertThat(service.requests()).containsExactly(QUERY_REQUEST);
    }

    @Test
    void rejection_of_the_new_token_is_a_fault() {
        service.mode(Mode.EVERY_TOKEN_REJECTED);
        assertThat(query(QUERY)).containsExactly(new Failed());
        assertThat(service.requests())
                .filteredOn(request -> request.startsWith("token"))
                .hasSize(2);
        assertThat(service.headers()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"BIG", "MALFORMED", "UNEXPECTED_JSON", "REDIRECT", "BROKEN"})
    void invalid_response_is_a_fault(Mode mode) {
        service.mode(mode);
        assertThat(query(RECORD, QUERY)).containsExactly(new Failed(), new Failed());
        assertThat(service.requests()).noneMatch(request -> request.contains("elsewhere"));
    }

    @ParameterizedTest
    @EnumSource(names = {"BIG", "MALFORMED", "UNEXPECTED_JSON", "REDIRECT", "BROKEN"})
    void invalid_response_of_the_token_endpoint_is_a_fault(Mode mode) {
        service.tokenMode(mode);
        assertThat(query(RECORD, QUERY)).containsExactly(new Failed(), new Failed());
        assertThat(service.headers()).isEmpty();
        assertThat(service.requests()).noneMatch(request -> request.contains("elsewhere"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOW", "DRIPPING"})
    void late_response_is_abandoned(Mode mode) {
        query(QUERY);
        service.mode(mode);
        assertThat(inTime(SOON, () -> query(RECORD, QUERY))).containsExactly(new Failed(), new Failed());
    }

    @Test
    void time_limit_applies_to_all_queries_of_a_request() {
        assertThat(ODataRecordSource.TIME).isEqualTo(Duration.ofSeconds(2));
        RecordSource source = within(Duration.ofSeconds(20)).of("contoso");
        inTime(PATIENCE, () -> {
            assertThat(source.query(List.of(RECORD))).allMatch(Found.class::isInstance);
            ticker.advance(Duration.ofSeconds(19));
            assertThat(source.query(List.of(RECORD))).allMatch(Found.class::isInstance);
            ticker.advance(Duration.ofSeconds(1));
            return assertThat(source.query(List.of(RECORD))).containsExactly(new Failed());
        });
    }

    @Test
    void slow_response_ends_at_the_deadline() {
        service.mode(Mode.DRIPPING);
        String url = service.url() + "/api/data/v9.2/accounts";
        long end = ticker.read() + Duration.ofSeconds(2).toNanos();
        // Each read of the time adds a tenth of a second.
        Ticker passing = () -> {
            ticker.advance(Duration.ofMillis(100));
            return ticker.read();
        };
        assertThatThrownBy(() ->
                        new Exchange("recordSource", passing, end).get(url, Map.of("Authorization", "Bearer token-1")))
                .isInstanceOfSatisfying(
                        RecordSourceFault.class,
                        fault -> assertThat(fault.kind()).isEqualTo("recordSource timeOut"));
    }

    @Test
    void time_limit_includes_the_token_endpoint() {
        // The lifetime is so short that the next request needs another token.
        service.tokenSeconds(60);
        query(QUERY);
        service.clear();
        service.tokenMode(Mode.SLOW);
        assertThat(inTime(SOON, () -> query(QUERY))).containsExactly(new Failed());
        assertThat(service.requests()).singleElement().asString().startsWith("token");
    }

    @Test
    void late_secret_is_used_by_the_next_request() throws InterruptedException {
        AtomicInteger reads = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Thread> reader = new CompletableFuture<>();
        SecretText secret = time -> {
            reads.incrementAndGet();
            reader.complete(Thread.currentThread());
            await(release);
            return service.settings("contoso");
        };
        sources = new ODataRecordSources(secret, ticker, PATIENCE);
        assertThat(inTime(SOON, () -> query(QUERY))).containsExactly(new Failed());
        release.countDown();
        reader.join().join();
        assertThat(query(QUERY)).allMatch(Found.class::isInstance);
        assertThat(reads).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("This read must not be interrupted", e);
        }
    }

    private <T> T inTime(Duration time, Supplier<T> request) {
        return Deadline.in(time, ticker).during(request::get);
    }

    @Test
    void remaining_time_of_the_request_limits_the_wait() {
        // Without the limit, it would wait longer than the timeout of this test.
        sources = within(PATIENCE.multipliedBy(10));
        query(QUERY);
        service.mode(Mode.SLOW);
        assertThat(inTime(SOON, () -> query(QUERY))).containsExactly(new Failed());
    }

    @Test
    void queries_are_sent_in_parallel() {
        service.together(5);
        assertThat(query(RECORD, QUERY, RECORD, QUERY, RECORD)).allMatch(Found.class::isInstance);
    }

    @Test
    void unreachable_service_is_a_fault() {
        Map<String, Object> members = service.members();
        members.put("baseUrl", "http://127.0.0.1:1/api");
        service.secret(Json.write(Map.of("tenants", Map.of("contoso", members))));
        assertThat(query(QUERY)).containsExactly(new Failed());
    }

    @Test
    void missing_secret_is_not_requested_again_for_ten_seconds() {
        service.secret(null);
        assertThat(query(QUERY)).containsExactly(new Failed());
        assertThat(query(QUERY)).containsExactly(new Failed());
        assertThat(service.requests()).containsExactly("secret");
        service.secret(service.settings("contoso"));
        ticker.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(query(QUERY)).containsExactly(new Failed());
        ticker.advance(Duration.ofNanos(1));
        assertThat(query(QUERY)).allMatch(Found.class::isInstance);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "baseUrl|http://contoso.example/api",
                "baseUrl|https://contoso.example/api?x",
                "baseUrl|https://user@contoso.example/api",
                "baseUrl|http://localhost@contoso.example/api",
                "baseUrl|http://127.0.0.1.contoso.example/api",
                "baseUrl|https://contoso.example/a b",
                "baseUrl|ftp://contoso.example/",
                "baseUrl|file:///etc/passwd",
                "baseUrl|",
                "tokenUrl|http://contoso.example/token",
                "tokenUrl|https://contoso.example#x",
                "clientId|",
                "clientSecret|",
                "scope|"
            })
    void invalid_or_incomplete_settings_are_faults(String name, String value) {
        Map<String, Object> members = service.members();
        if (value == null) {
            members.remove(name);
        } else {
            members.put(name, value);
        }
        refused(Json.write(Map.of("tenants", Map.of("contoso", members))));
    }

    @Test
    void entity_sets_are_names() {
        for (Object entities : List.of(
                Map.of("incident", "incidents?x"),
                Map.of("incident", "../x"),
                Map.of("incident", ""),
                Map.of("incident", 1),
                List.of("incident"),
                "incident")) {
            Map<String, Object> members = new LinkedHashMap<>(service.members());
            members.put("entities", entities);
            refused(Json.write(Map.of("tenants", Map.of("contoso", members))));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "x", "[]", "{}", "{\"tenants\":[]}", "{\"tenants\":{\"contoso\":1}}"})
    void malformed_secret_is_a_fault(String secret) {
        refused(secret);
    }

    private static void refused(String secret) {
        assertThatThrownBy(() -> RecordSourceSettings.read(secret))
                .isInstanceOf(RecordSourceFault.class)
                .hasMessage("secret malformed");
    }

    @Test
    void trailing_slash_of_the_base_url_is_ignored() throws RecordSourceFault {
        Map<String, Object> members = service.members();
        members.put("baseUrl", "https://contoso.crm4.dynamics.com/api/data/v9.2/");
        Map<String, RecordSourceSettings> settings =
                RecordSourceSettings.read(Json.write(Map.of("tenants", Map.of("contoso", members))));
        assertThat(requireNonNull(settings.get("contoso")).baseUrl())
                .isEqualTo("https://contoso.crm4.dynamics.com/api/data/v9.2");
    }

    @Test
    void to_string_has_no_secrets() throws RecordSourceFault {
        assertThat(RecordSourceSettings.read(service.settings("contoso")).toString())
                .doesNotContain("s3cr", "client one");
        assertThat(new AccessToken("token-1", 0).toString()).doesNotContain("token-1");
    }
}
