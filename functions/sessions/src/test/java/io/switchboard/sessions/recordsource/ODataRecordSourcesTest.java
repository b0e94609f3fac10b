package io.switchboard.sessions.recordsource;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchboard.json.Json;
import io.switchboard.recordsource.RecordAnswer;
import io.switchboard.recordsource.RecordAnswer.Failed;
import io.switchboard.recordsource.RecordAnswer.Found;
import io.switchboard.recordsource.RecordQuestion;
import io.switchboard.recordsource.RecordQuestion.Columns;
import io.switchboard.recordsource.RecordQuestion.FirstRow;
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

/** A record source over HTTP: tokens, questions, answers, and whatever can go wrong with them. */
@Timeout(120)
final class ODataRecordSourcesTest {
    private static final String CASE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";
    private static final Columns RECORD = new Columns("incident", CASE, List.of("title", "_customerid_value"));
    private static final FirstRow QUERY = new FirstRow("account", "$filter=name%20eq%20'A'&$select=name");
    private static final String RECORD_REQUEST =
            "GET /api/data/v9.2/incidents(" + CASE + ")?$select=title,_customerid_value";
    private static final String QUERY_REQUEST = "GET /api/data/v9.2/accounts?$filter=name%20eq%20'A'&$select=name";

    /** Longer than an answer takes, whatever else the machine does. */
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

    private List<RecordAnswer> ask(RecordQuestion... questions) {
        return sources.of("contoso").ask(List.of(questions));
    }

    @Test
    void without_a_secret_there_is_none() {
        assertThat(ODataRecordSources.of(Map.of())).isSameAs(RecordSources.NONE);
        assertThat(ODataRecordSources.of(Map.of("RECORD_SOURCE_SECRET", " "))).isSameAs(RecordSources.NONE);
        assertThat(RecordSources.NONE.of("contoso").ask(List.of(RECORD))).containsExactly(new RecordAnswer.NotSetUp());
    }

    @Test
    void questions_are_asked_as_odata_has_them() {
        assertThat(ask(RECORD, QUERY)).containsExactly(new Found(Map.of("title", "T")), new Found(Map.of("name", "A")));
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
    void nothing_is_asked_before_the_first_question() {
        sources.of("contoso");
        assertThat(service.requests()).isEmpty();
        assertThat(sources.of("contoso").isSetUp()).isTrue();
    }

    @Test
    void settings_and_token_are_kept_until_they_are_forgotten() {
        ask(QUERY);
        ask(QUERY);
        assertThat(service.requests())
                .hasSize(4)
                .filteredOn(request -> request.equals(QUERY_REQUEST))
                .hasSize(2);
        service.clear();
        sources.forget();
        ask(QUERY);
        assertThat(service.requests()).hasSize(3).startsWith("secret");
        service.clear();
        ticker.advance(Duration.ofMinutes(5).minusNanos(1));
        ask(QUERY);
        assertThat(service.requests()).containsExactly(QUERY_REQUEST);
        service.clear();
        ticker.advance(Duration.ofNanos(1));
        ask(QUERY);
        assertThat(service.requests()).containsExactly("secret", QUERY_REQUEST);
    }

    @ParameterizedTest
    @CsvSource({"60,2", "'61',2", "3600,1", "'3600',1", "-5,2", "soon,1"})
    void token_is_kept_until_shortly_before_it_expires(String seconds, int tokens) {
        service.tokenSeconds(seconds);
        ask(QUERY);
        ticker.advance(Duration.ofMillis(1_100));
        ask(QUERY);
        assertThat(service.requests())
                .filteredOn(request -> request.startsWith("token"))
                .hasSize(tokens);
    }

    @Test
    void tenant_without_settings_has_no_record_source() {
        assertThat(sources.of("fabrikam").ask(List.of(RECORD, QUERY)))
                .containsExactly(new RecordAnswer.NotSetUp(), new RecordAnswer.NotSetUp());
        assertThat(service.requests()).containsExactly("secret");
    }

    @Test
    void entity_that_is_not_named_is_not_asked_for() {
        assertThat(ask(new FirstRow("contact", "$top=1"), new Columns("systemuser", CASE, List.of("fullname"))))
                .containsExactly(new RecordAnswer.UnknownEntity(), new RecordAnswer.UnknownEntity());
        assertThat(service.headers()).isEmpty();
    }

    @Test
    void what_is_not_there_is_nothing() {
        assertThat(ask(new FirstRow("account", ""), new Columns("incident", CASE, List.of("other"))))
                .containsExactly(new RecordAnswer.Nothing(), new RecordAnswer.Nothing());
        assertThat(ask(new FirstRow("account", "$top=7"))).containsExactly(new Failed());
    }

    @Test
    void rows_of_another_form_are_faults() {
        assertThat(ask(new FirstRow("account", "odd"), new FirstRow("account", "none")))
                .containsExactly(new Failed(), new Failed());
    }

    @Test
    void token_that_is_refused_is_followed_by_one_fresh_one() {
        service.mode(Mode.FIRST_TOKEN_REFUSED);
        assertThat(ask(RECORD, QUERY, RECORD, QUERY)).allMatch(Found.class::isInstance);
        assertThat(service.requests())
                .filteredOn(request -> request.startsWith("token"))
                .hasSize(2);
        service.clear();
        assertThat(ask(QUERY)).allMatch(Found.class::isInstance);
        assertThat(service.requests()).containsExactly(QUERY_REQUEST);
    }

    @Test
    void refusal_of_the_fresh_token_is_a_fault() {
        service.mode(Mode.EVERY_TOKEN_REFUSED);
        assertThat(ask(QUERY)).containsExactly(new Failed());
        assertThat(service.requests())
                .filteredOn(request -> request.startsWith("token"))
                .hasSize(2);
        assertThat(service.headers()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"BIG", "MALFORMED", "ODD", "REDIRECT", "BROKEN"})
    void answer_that_cannot_be_used_is_a_fault(Mode mode) {
        service.mode(mode);
        assertThat(ask(RECORD, QUERY)).containsExactly(new Failed(), new Failed());
        assertThat(service.requests()).noneMatch(request -> request.contains("elsewhere"));
    }

    @ParameterizedTest
    @EnumSource(names = {"BIG", "MALFORMED", "ODD", "REDIRECT", "BROKEN"})
    void token_endpoint_that_cannot_be_used_is_a_fault(Mode mode) {
        service.tokenMode(mode);
        assertThat(ask(RECORD, QUERY)).containsExactly(new Failed(), new Failed());
        assertThat(service.headers()).isEmpty();
        assertThat(service.requests()).noneMatch(request -> request.contains("elsewhere"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SLOW", "DRIPPING"})
    void answer_that_does_not_come_in_time_is_given_up(Mode mode) {
        ask(QUERY);
        service.mode(mode);
        assertThat(inTime(SOON, () -> ask(RECORD, QUERY))).containsExactly(new Failed(), new Failed());
    }

    @Test
    void time_is_that_of_all_questions_of_a_request_and_by_default_two_seconds() {
        assertThat(ODataRecordSource.TIME).isEqualTo(Duration.ofSeconds(2));
        RecordSource source = within(Duration.ofSeconds(20)).of("contoso");
        inTime(PATIENCE, () -> {
            assertThat(source.ask(List.of(RECORD))).allMatch(Found.class::isInstance);
            ticker.advance(Duration.ofSeconds(19));
            assertThat(source.ask(List.of(RECORD))).allMatch(Found.class::isInstance);
            ticker.advance(Duration.ofSeconds(1));
            return assertThat(source.ask(List.of(RECORD))).containsExactly(new Failed());
        });
    }

    @Test
    void answer_that_drips_ends_with_its_time() {
        service.mode(Mode.DRIPPING);
        String url = service.url() + "/api/data/v9.2/accounts";
        long end = ticker.read() + Duration.ofSeconds(2).toNanos();
        // Each look at the time finds a tenth of a second gone.
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
    void token_endpoint_that_is_slow_takes_no_more_time_than_that() {
        // No longer than it takes to use it: the next request asks for another.
        service.tokenSeconds(60);
        ask(QUERY);
        service.clear();
        service.tokenMode(Mode.SLOW);
        assertThat(inTime(SOON, () -> ask(QUERY))).containsExactly(new Failed());
        assertThat(service.requests()).singleElement().asString().startsWith("token");
    }

    @Test
    void secret_that_comes_late_serves_the_next_request() throws InterruptedException {
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
        assertThat(inTime(SOON, () -> ask(QUERY))).containsExactly(new Failed());
        release.countDown();
        reader.join().join();
        assertThat(ask(QUERY)).allMatch(Found.class::isInstance);
        assertThat(reads).hasValue(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("Nobody may end this read", e);
        }
    }

    private <T> T inTime(Duration time, Supplier<T> request) {
        return Deadline.in(time, ticker).during(request::get);
    }

    @Test
    void request_with_less_time_left_waits_less() {
        // By itself it would wait for longer than this test may take.
        sources = within(PATIENCE.multipliedBy(10));
        ask(QUERY);
        service.mode(Mode.SLOW);
        assertThat(inTime(SOON, () -> ask(QUERY))).containsExactly(new Failed());
    }

    @Test
    void questions_are_asked_side_by_side() {
        service.together(5);
        assertThat(ask(RECORD, QUERY, RECORD, QUERY, RECORD)).allMatch(Found.class::isInstance);
    }

    @Test
    void service_that_is_not_there_is_a_fault() {
        Map<String, Object> members = service.members();
        members.put("baseUrl", "http://127.0.0.1:1/api");
        service.secret(Json.write(Map.of("tenants", Map.of("contoso", members))));
        assertThat(ask(QUERY)).containsExactly(new Failed());
    }

    @Test
    void secret_that_is_not_there_is_asked_for_once_in_a_while() {
        service.secret(null);
        assertThat(ask(QUERY)).containsExactly(new Failed());
        assertThat(ask(QUERY)).containsExactly(new Failed());
        assertThat(service.requests()).containsExactly("secret");
        service.secret(service.settings("contoso"));
        ticker.advance(Duration.ofSeconds(10).minusNanos(1));
        assertThat(ask(QUERY)).containsExactly(new Failed());
        ticker.advance(Duration.ofNanos(1));
        assertThat(ask(QUERY)).allMatch(Found.class::isInstance);
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
    void settings_that_lead_elsewhere_or_are_incomplete_are_faults(String name, String value) {
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
    void secret_of_another_form_is_a_fault(String secret) {
        refused(secret);
    }

    private static void refused(String secret) {
        assertThatThrownBy(() -> RecordSourceSettings.read(secret))
                .isInstanceOf(RecordSourceFault.class)
                .hasMessage("secret malformed");
    }

    @Test
    void slash_at_the_end_of_the_base_url_is_no_other_address() throws RecordSourceFault {
        Map<String, Object> members = service.members();
        members.put("baseUrl", "https://contoso.crm4.dynamics.com/api/data/v9.2/");
        Map<String, RecordSourceSettings> settings =
                RecordSourceSettings.read(Json.write(Map.of("tenants", Map.of("contoso", members))));
        assertThat(requireNonNull(settings.get("contoso")).baseUrl())
                .isEqualTo("https://contoso.crm4.dynamics.com/api/data/v9.2");
    }

    @Test
    void nothing_secret_is_told_by_their_text() throws RecordSourceFault {
        assertThat(RecordSourceSettings.read(service.settings("contoso")).toString())
                .doesNotContain("s3cr", "client one");
        assertThat(new AccessToken("token-1", 0).toString()).doesNotContain("token-1");
    }
}
